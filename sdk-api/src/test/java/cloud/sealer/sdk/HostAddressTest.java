package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, 0, 10.0.0.1",
    "' 10.0.0.1:2222 ', 10.0.0.1, 2222, 10.0.0.1:2222",
    "255.255.255.255, 255.255.255.255, 0, 255.255.255.255",
    "Node-1.Example.COM, node-1.example.com, 0, node-1.example.com",
    "node1:22, node1, 22, node1:22",
    "fd00::1, fd00::1, 0, fd00::1",
    "FD00:0:0::0001, fd00::1, 0, fd00::1",
    "[fd00::1]:2222, fd00::1, 2222, [fd00::1]:2222",
    "[::1], ::1, 0, ::1",
    "::, ::, 0, ::",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3, 0, 1:0:0:2::3",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0, 0, 1:2:3:4:5:6:7:0",
    "fe80::1%eth0, fe80::1%eth0, 0, fe80::1%eth0"
  })
  void addressIsReadAndWritten(String text, String host, int port, String written) {
    HostAddress address = HostAddress.parse(text);
    assertThat(address).isEqualTo(new HostAddress(host, port));
    assertThat(address.toString()).isEqualTo(written);
    assertThat(HostAddress.parse(written)).isEqualTo(address);
    assertThat(address.ipv6()).isEqualTo(host.contains(":"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.1.",
        "10.0.0.1:0",
        "10.0.0.1:65536",
        "10.0.0.1:ssh",
        "10.0.0.1:",
        "[fd00::1",
        "[fd00::1]22",
        "fd00::1::2",
        "fd00::g",
        "::ffff:10.0.0.1",
        "node_1",
        "-node",
        "node-",
        "a..b",
        "host name",
        "10.0.0.1/24",
        "root@host"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostAddress.parse(text));
  }

  @Test
  void longNamesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> HostAddress.parse("a".repeat(64)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostAddress.parse("a.".repeat(127) + "a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1 | 10.0.0.1",
        "10.0.0.1, 10.0.0.2 ,10.0.0.1 | 10.0.0.1 10.0.0.2",
        "10.0.0.254-10.0.1.1 | 10.0.0.254 10.0.0.255 10.0.1.0 10.0.1.1",
        "10.0.0.5-10.0.0.6:2222,10.0.0.9 | 10.0.0.5:2222 10.0.0.6:2222 10.0.0.9",
        "10.0.0.5:22-10.0.0.6:22 | 10.0.0.5:22 10.0.0.6:22",
        "10.0.0.5-10.0.0.5 | 10.0.0.5",
        "fd00::fffe-fd00::1:0 | fd00::fffe fd00::ffff fd00::1:0",
        "[fd00::1]-[fd00::2]:22 | [fd00::1]:22 [fd00::2]:22",
        "node-1,node-2:22 | node-1 node-2:22"
      })
  void listsHaveAddressesAndRanges(String text, String addresses) {
    assertThat(HostAddress.parseList(text).stream().map(HostAddress::toString))
        .containsExactly(addresses.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "10.0.0.1,",
        "10.0.0.2-10.0.0.1",
        "10.0.0.1-fd00::1",
        "10.0.0.1-node",
        "10.0.0.1:22-10.0.0.2",
        "10.0.0.1:22-10.0.0.2:23",
        "10.0.0.0-10.1.0.0",
        "fd00::-fd01::",
        "10.0.0.1-10.0.0.2-10.0.0.3"
      })
  void listsWithAnythingElseAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostAddress.parseList(text));
  }

  @Test
  void largestRangeHas4096Addresses() {
    assertThat(HostAddress.parseList("10.0.0.0-10.0.15.255")).hasSize(4096);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostAddress.parseList("10.0.0.0-10.0.16.0"))
        .withMessageContaining("4096");
  }

  @Test
  void orderIsThatOfNumbersAndThenOfNames() {
    List<String> sorted =
        List.of("9.0.0.1", "10.0.0.2", "10.0.0.10", "10.0.0.10:22", "::2", "::10", "a", "b");
    Stream<HostAddress> shuffled =
        Stream.of("b", "::10", "10.0.0.10:22", "a", "10.0.0.10", "::2", "10.0.0.2", "9.0.0.1")
            .map(HostAddress::parse);
    assertThat(shuffled.sorted().map(HostAddress::toString)).containsExactlyElementsOf(sorted);
  }
}
