package cloud.sealer.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.RecordingListener;
import cloud.sealer.testkit.SealerTest;
import org.junit.jupiter.api.Test;

/**
 * Tests one's own build with the testkit's JUnit extension: each test gets a Sealer on a temporary
 * store, a registry on a free port and a listener that remembers, and all of it is gone afterwards.
 */
@SealerTest
class BuildInJUnitIT {

  @Test
  void carriesTheImageOfTheListDespiteABrokenConnection(
      Sealer sealer, EmbeddedRegistry registry, RecordingListener listener) {
    var nginx = ContainerImages.of("library/nginx", "1.21").randomLayer(300_000, 1).build();
    Reference name = nginx.putInto(registry);
    registry.faults().cutBlobAt(nginx.layers().get(0).digest(), 100_000).times(1);

    BuildResult result =
        sealer
            .builder(BuildMode.LITE)
            .build(
                BuildRequest.builder()
                    .kubefile(
                        Kubefile.builder().from("scratch").copy("imageList", "manifests").build())
                    .context(BuildContext.inMemory().file("imageList", name + "\n").build())
                    .name("my-nginx:v1")
                    .listener(listener)
                    .build());

    assertThat(result.image().platforms().get(0).metadata().containerImages())
        .extracting(ContainerImage::digest)
        .containsExactly(nginx.digest());
    assertThat(listener.events(Event.Resumed.class))
        .extracting(Event.Resumed::offset)
        .containsExactly(100_000L);
  }
}
