package kubeproxy.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kubeproxy.kernel.libc.Errno;
import kubeproxy.kernel.netlink.NetlinkTransport.Reception;
import kubeproxy.testing.net.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("kernel")
@Timeout(60)
final class NetlinkSocketTest {

  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWLINK = 16;
  private static final int RTNLGRP_LINK = 1;
  private static final int IFINFOMSG_BYTES = 16;
  private static final int IFLA_IFNAME = 3;

  private NetworkNamespace namespace;
  private NetlinkSocket socket;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
    socket = namespace.run(() -> NetlinkSocket.open(Netlink.NETLINK_ROUTE));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    namespace.close();
  }

  @Test
  void socketsHaveDifferentPortIds() throws Exception {
    try (NetlinkSocket other = namespace.run(() -> NetlinkSocket.open(Netlink.NETLINK_ROUTE))) {
      assertThat(other.portId()).isNotZero().isNotEqualTo(socket.portId());
    }
  }

  @Test
  void aDumpVisitsEveryObjectOfTheNamespace() throws Exception {
    for (int i = 0; i < 200; i++) {
      namespace.exec("ip", "link", "add", "v" + i, "type", "veth", "peer", "name", "w" + i);
    }
    List<String> names = new ArrayList<>();
    assertThat(dumpLinks(names)).isInstanceOf(Answer.Complete.class);
    assertThat(names).hasSize(401).contains("lo", "v0", "w199");
  }

  @Test
  void aRefusedRequestSaysWhy() throws Exception {
    NetlinkRequester requester = new NetlinkRequester(socket);
    MessageWriter request =
        new MessageWriter()
            .beginMessage(RTM_GETLINK, Netlink.NLM_F_REQUEST, requester.nextSequence())
            .rawZeros(IFINFOMSG_BYTES)
            .putString(IFLA_IFNAME, "absent")
            .endMessage();
    assertThat(requester.request(request))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> {
              assertThat(refused.error().is(Errno.ENODEV)).isTrue();
              assertThat(refused.error().sequence()).isEqualTo(1);
            });
  }

  @Test
  void strictCheckingExplainsAWrongAttribute() throws Exception {
    NetlinkRequester requester = new NetlinkRequester(socket);
    MessageWriter request =
        new MessageWriter()
            .beginMessage(
                RTM_GETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, requester.nextSequence())
            .rawZeros(IFINFOMSG_BYTES)
            .putU8(IFLA_IFNAME, 1)
            .endMessage();
    assertThat(requester.dump(request, _ -> {}))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.error().message()).isNotEmpty());
  }

  @Test
  void notificationsArriveUntilTheGroupIsLeft() throws Exception {
    MessageReader reader = new MessageReader();
    assertThat(socket.receive(reader, 0)).isEqualTo(Reception.NOTHING);
    socket.joinGroup(RTNLGRP_LINK);
    namespace.exec("ip", "link", "add", "v0", "type", "veth", "peer", "name", "w0");
    assertThat(socket.receive(reader, 10_000)).isEqualTo(Reception.MESSAGES);
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(RTM_NEWLINK);
    socket.leaveGroup(RTNLGRP_LINK);
    while (socket.receive(reader, 0) != Reception.NOTHING) {
      assertThat(reader.next()).isTrue();
    }
    namespace.exec("ip", "link", "add", "v1", "type", "veth", "peer", "name", "w1");
    assertThat(socket.receive(reader, 0)).isEqualTo(Reception.NOTHING);
  }

  @Test
  void anOverrunIsToldAndWhatWasQueuedStays() throws Exception {
    socket.receiveQueue(4096);
    socket.joinGroup(RTNLGRP_LINK);
    for (int i = 0; i < 20; i++) {
      namespace.exec("ip", "link", "add", "v" + i, "type", "veth", "peer", "name", "w" + i);
    }
    MessageReader reader = new MessageReader();
    List<Reception> receptions = new ArrayList<>();
    do {
      receptions.add(socket.receive(reader, 0));
    } while (receptions.getLast() != Reception.NOTHING);
    assertThat(receptions).contains(Reception.OVERRUN, Reception.MESSAGES);
  }

  @Test
  void waitingEndsWithTheTime() throws Exception {
    long start = System.nanoTime();
    assertThat(socket.receive(new MessageReader(), 50)).isEqualTo(Reception.NOTHING);
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(49));
  }

  // On a thread of its own, because a close that does not end the waiting would wait itself.
  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void closingEndsAWaitingReceive() throws Exception {
    CompletableFuture<Reception> received = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              try {
                received.complete(socket.receive(new MessageReader(), 30_000));
              } catch (IOException failure) {
                received.completeExceptionally(failure);
              }
            });
    while (!inPoll(waiting)) {
      Thread.onSpinWait();
    }
    socket.close();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> received.get(10, TimeUnit.SECONDS))
        .withCauseInstanceOf(AsynchronousCloseException.class);
    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(() -> socket.receive(new MessageReader(), 0));
    socket.close();
  }

  private static boolean inPoll(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().equals("poll")) {
        return true;
      }
    }
    return false;
  }

  private Answer dumpLinks(List<String> names) throws IOException {
    NetlinkRequester requester = new NetlinkRequester(socket);
    MessageWriter request =
        new MessageWriter()
            .beginMessage(
                RTM_GETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, requester.nextSequence())
            .rawZeros(IFINFOMSG_BYTES)
            .endMessage();
    Attributes attributes = new Attributes();
    return requester.dump(
        request,
        message -> {
          message.attributes(attributes, IFINFOMSG_BYTES);
          while (attributes.next()) {
            if (attributes.type() == IFLA_IFNAME) {
              names.add(attributes.string());
            }
          }
        });
  }
}
