package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RegistryTreeTest {
  private static final String HEX = "ab" + "0".repeat(62);
  private static final Digest DIGEST = Digest.sha256(HEX);
  private static final String V2 = "registry/docker/registry/v2/";

  @Test
  void isLaidOutAsADistributionServerStoresIt() throws IOException {
    RegistryTree tree = new RegistryTree();
    tree.addBlob(DIGEST, "{}".getBytes(StandardCharsets.UTF_8));
    tree.addLayerLink("library/nginx", DIGEST);
    tree.addRevision("library/nginx", DIGEST);
    tree.addTag("library/nginx", "1.21", DIGEST);
    Map<String, FileTree.Entry> files =
        tree.entries().stream()
            .filter(entry -> entry.kind() == FileTree.Kind.FILE)
            .collect(Collectors.toMap(entry -> entry.path().value(), Function.identity()));
    String repository = V2 + "repositories/library/nginx/";
    assertThat(files)
        .containsOnlyKeys(
            V2 + "blobs/sha256/ab/" + HEX + "/data",
            repository + "_layers/sha256/" + HEX + "/link",
            repository + "_manifests/revisions/sha256/" + HEX + "/link",
            repository + "_manifests/tags/1.21/current/link",
            repository + "_manifests/tags/1.21/index/sha256/" + HEX + "/link");
    assertThat(
            files
                .get(repository + "_manifests/tags/1.21/current/link")
                .content()
                .open()
                .readAllBytes())
        .asString()
        .isEqualTo("sha256:" + HEX);
  }

  @Test
  void everyDirectoryComesBeforeWhatItHolds() {
    RegistryTree tree = new RegistryTree();
    tree.addTag("a-b/c", "t", DIGEST);
    tree.addTag("a/c", "t", DIGEST);
    List<RootfsPath> seen = new ArrayList<>(List.of(RootfsPath.ROOT));
    for (FileTree.Entry entry : tree.entries()) {
      assertThat(seen).contains(entry.path().parent());
      seen.add(entry.path());
    }
  }
}
