package kubeproxy.nftables.program;

import java.util.List;
import java.util.Set;

/// The part of a program that belongs to one Service. Fragments never overlap: no two of them have
/// an element of the same key, so each can be compiled, installed and set aside alone.
///
/// @param elements all elements that are not slots
/// @param slots endpoints
/// @param shapes the chains its elements lead to that exist only for as long as somebody needs them
public record Fragment(List<Element> elements, List<Slots> slots, Set<ShapeChain> shapes) {

  /// The fragment of a Service that this node does not carry.
  public static final Fragment EMPTY = new Fragment(List.of(), List.of(), Set.of());

  public Fragment {
    elements = List.copyOf(elements);
    slots = List.copyOf(slots);
    shapes = Set.copyOf(shapes);
  }
}
