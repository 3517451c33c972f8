package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.ReferenceProof.Outcome;
import cloud.sealer.sdk.Sealer;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Indexes in the registry of an image that somebody made to keep others busy. */
@Timeout(60)
class HostileIndexIT {
  private static final int WIDTH = 200;

  private static final DiscoveryPolicy EXCLUDED =
      new DiscoveryPolicy(
          DiscoveryPolicy.Action.ACCEPT, DiscoveryPolicy.Action.ACCEPT, List.of(), List.of("*"));

  @TempDir private Path work;

  private static Digest digest(String text) {
    return Digest.sha256(Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString());
  }

  private static String index(Stream<Digest> entries) {
    return entries
        .map(
            entry ->
                "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1}"
                    .formatted(MediaType.OCI_INDEX, entry))
        .collect(Collectors.joining(",", "{\"schemaVersion\":2,\"manifests\":[", "]}"));
  }

  /** Puts a document into the registry of an image, under a tag. */
  private static Digest serve(Shipyard.Build build, String text) {
    Digest digest = digest(text);
    build
        .file(RegistryTree.blob(digest).value(), text)
        .file(RegistryTree.revisionLink("evil/web", digest).value(), digest.toString())
        .file(RegistryTree.tagLink("evil/web", "1").value(), digest.toString());
    return digest;
  }

  private String proven(Shipyard yard, Shipyard.Build build) {
    Sealer sealer = yard.sealer("store");
    build.file("manifests/imageList", yard.name("evil/web:1")).policy(EXCLUDED).in(sealer);
    var proof = sealer.images().verify("app:v1", EventListener.NONE).references().get(0);
    assertThat(proof.outcome()).isEqualTo(Outcome.MISSING);
    return proof.reason();
  }

  @Test
  void oneThatListsAnotherAThousandTimesIsFollowedOnce() {
    try (Shipyard yard = new Shipyard(work)) {
      Shipyard.Build build = yard.build("app:v1");
      Digest inner = digest("nothing");
      for (int level = 0; level < 3; level++) {
        Digest listed = inner;
        inner = serve(build, index(Stream.generate(() -> listed).limit(WIDTH)));
      }
      assertThat(proven(yard, build)).contains("evil/web has no " + digest("nothing"));
    }
  }

  @Test
  void oneThatListsTooMuchIsGivenUp() {
    try (Shipyard yard = new Shipyard(work)) {
      Shipyard.Build build = yard.build("app:v1");
      Supplier<Stream<Digest>> many = () -> Stream.iterate(0, i -> i + 1).map(i -> digest("x" + i));
      Digest first = serve(build, index(many.get().limit(WIDTH)));
      Digest second = serve(build, index(many.get().skip(WIDTH).limit(WIDTH)));
      serve(build, index(Stream.of(first, second)));
      assertThat(proven(yard, build)).contains("more than 256 manifests");
    }
  }

  @Test
  void oneThatIsNestedTooDeepIsGivenUp() {
    try (Shipyard yard = new Shipyard(work)) {
      Shipyard.Build build = yard.build("app:v1");
      Digest inner = serve(build, index(Stream.empty()));
      for (int level = 0; level < 5; level++) {
        inner = serve(build, index(Stream.of(inner)));
      }
      assertThat(proven(yard, build)).contains("nested more than 4 deep");
    }
  }
}
