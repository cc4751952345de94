package kubeproxy.nftables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import kubeproxy.model.IpAddress;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Backends are single letters here; a dot is a slot that nobody has.
class SlotAssignmentTest {

  @ParameterizedTest(name = "{0} wanting {1}")
  @CsvSource({
    // before, desired, after
    "'', '', ''",
    "'', abc, abc",
    "abc, abc, abc",
    "abc, cba, abc",
    "abc, '', ''",
    // one more takes the next number, one less has its number taken by the last
    "abc, abcd, abcd",
    "abc, aabc, abc",
    "abc, zabc, abcz",
    "abcd, bcd, dbc",
    "abcd, acd, adc",
    "abcd, abc, abc",
    "abcd, ad, ad",
    "abcd, cd, cd",
    // replaced
    "abc, xbc, xbc",
    "abc, xyz, xyz",
    "abc, axyz, axyz",
    // gaps, as foreign hands leave them
    ".bc, abc, abc",
    "a.c, abc, abc",
    "a.c, acd, adc",
    "..., ab, ab",
    // twice the same backend in two slots: the first keeps it
    "aab, ab, ab",
    "aa, ab, ab",
  })
  void keepsWhatItCan(String before, String desired, String after) {
    List<Backend> wanted =
        desired.chars().distinct().mapToObj(SlotAssignmentTest::backend).toList();
    List<Backend> assigned = SlotAssignment.assign(slots(before), wanted);
    assertThat(text(assigned)).isEqualTo(after);
  }

  private static List<@Nullable Backend> slots(String text) {
    Backend[] slots = new Backend[text.length()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = text.charAt(i) == '.' ? null : backend(text.charAt(i));
    }
    return Arrays.asList(slots);
  }

  private static Backend backend(int letter) {
    return new Backend(IpAddress.of("10.0.0.1"), letter);
  }

  private static String text(List<Backend> backends) {
    return backends.stream()
        .map(backend -> Character.toString(backend.port()))
        .collect(Collectors.joining());
  }
}
