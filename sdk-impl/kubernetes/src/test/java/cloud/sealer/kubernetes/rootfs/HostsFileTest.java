package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.rootfs.HostsFile.Entry;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsFileTest {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("10.0.0.1", List.of("apiserver.cluster.local")),
          new Entry("fd00::1", List.of("sea.hub", "registry")));
  private static final String BLOCK =
      "# BEGIN sealer cluster a\n10.0.0.1 apiserver.cluster.local\nfd00::1 sea.hub registry\n"
          + "# END sealer cluster a\n";

  @Test
  void aBlockIsAddedChangedInPlaceAndTakenAway() {
    String before = "127.0.0.1 localhost\n";
    String with = HostsFile.with(before, "a", ENTRIES);
    assertThat(with).isEqualTo(before + BLOCK);
    String more = with + "1.2.3.4 later\n";
    assertThat(HostsFile.with(more, "a", ENTRIES)).isEqualTo(more);
    assertThat(HostsFile.with(more, "a", List.of(new Entry("10.0.0.2", List.of("x")))))
        .isEqualTo(
            before
                + "# BEGIN sealer cluster a\n10.0.0.2 x\n# END sealer cluster a\n1.2.3.4 later\n");
    assertThat(HostsFile.with(more, "a", List.of())).isEqualTo(before + "1.2.3.4 later\n");
  }

  @Test
  void clustersDoNotTouchEachOther() {
    String both = HostsFile.with(HostsFile.with("", "a", ENTRIES), "a.b", ENTRIES);
    assertThat(HostsFile.without(both, "a")).isEqualTo(HostsFile.with("", "a.b", ENTRIES));
  }

  @Test
  void aDamagedBlockCostsNobodyALine() {
    String damaged = "# BEGIN sealer cluster a\n10.0.0.1 mine\n1.2.3.4 yours\n";
    assertThat(HostsFile.without(damaged, "a")).isEqualTo("10.0.0.1 mine\n1.2.3.4 yours\n");
    assertThat(HostsFile.without("x\n# END sealer cluster a\ny", "a")).isEqualTo("x\ny");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "a#"})
  void whatWouldBreakTheFileIsRefused(String name) {
    assertThatThrownBy(() -> new Entry("10.0.0.1", List.of(name)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void everythingElseStaysByteByByte(@ForAll("files") String text) {
    String once = HostsFile.with(text, "a", ENTRIES);
    assertThat(HostsFile.with(once, "a", ENTRIES)).isEqualTo(once);
    assertThat(once).contains(BLOCK);
    String clean = HostsFile.without(text, "a");
    String newline = clean.isEmpty() || clean.endsWith("\n") ? "" : "\n";
    assertThat(HostsFile.without(once, "a")).isIn(clean, clean + newline);
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(
            "127.0.0.1 localhost\n",
            "\r\n",
            "# x\n",
            "\t::1 a",
            "\n",
            "# BEGIN sealer cluster a\n",
            "# END sealer cluster a\n",
            "# BEGIN sealer cluster b\n")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
