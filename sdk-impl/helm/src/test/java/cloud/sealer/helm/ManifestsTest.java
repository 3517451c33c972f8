package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.spi.ChartRenderer.Document;
import org.junit.jupiter.api.Test;

class ManifestsTest {
  @Test
  void eachDocumentKnowsItsTemplate() {
    String printed =
        """
        ---
        # Source: web/templates/a.yaml
        kind: A
        ---
        kind: B
        ---
        # Source: web/charts/db/templates/c.yaml

        # a comment
        kind: C
        """;
    assertThat(Manifests.documents(printed))
        .containsExactly(
            new Document("web/templates/a.yaml", "kind: A\n"),
            new Document("web/templates/a.yaml", "kind: B\n"),
            new Document("web/charts/db/templates/c.yaml", "# a comment\nkind: C\n"));
  }

  @Test
  void anInnerSourceWins() {
    assertThat(
            Manifests.documents(
                "---\n# Source: web/templates/x.yaml\n# Source: web/crds/a.yaml\nkind: A\n"))
        .containsExactly(new Document("web/crds/a.yaml", "kind: A\n"));
  }

  @Test
  void nothingPrintedIsNoDocument() {
    assertThat(Manifests.documents("\n")).isEmpty();
    assertThat(Manifests.documents("---\n# Source: web/templates/a.yaml\n")).isEmpty();
  }
}
