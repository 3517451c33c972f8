package cloud.sealer.kubernetes.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterAccess;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The local build up to the program it asks: a script in the place of {@code kubectl} tells of a
 * cluster that comes to rest after a while. The test of build modes has a real cluster.
 */
@Timeout(120)
class LocalBuildIT {
  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private ImageFixture operator;
  private ImageFixture operand;

  @BeforeEach
  void start() throws IOException {
    registry = EmbeddedRegistry.start();
    operator = ContainerImages.of("team/operator", "1").randomLayer(1000, 1).build();
    operand = ContainerImages.of("team/operand", "1").randomLayer(1000, 2).build();
    operator.putInto(registry);
    operand.putInto(registry);
    Files.writeString(work.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Says that a pod waits until it was asked often enough, and that it runs from then on. */
  private String kubectl(int asks) {
    return """
    #!/bin/sh
    cd %s
    echo "$KUBECONFIG $*" | head -1 >>calls
    case "$*" in
      apply*) cp "$OLDPWD/$3" applied ;;
      *'get pods'* | *"get 'pods'"*)
        echo >>asked
        if [ "$(wc -l <asked)" -lt %d ]; then
          printf 'pod\\tdefault\\toperand\\tu1\\tPending\\t<nil>\\n'
          printf 'waiting\\tapp\\tImagePullBackOff\\t"not there"\\n'
        else
          printf 'pod\\tdefault\\toperand\\tu1\\tRunning\\t<nil>\\n'
        fi
        printf 'image\\tspec.containers[0].image\\tapp\\t%s/team/operand:1\\n'
        printf 'digest\\tapp\\t%s/team/operand@%s\\n' ;;
    esac
    """
        .formatted(
            work, asks, registry.address(), registry.address(), operand.descriptor().digest());
  }

  private BuildRequest.Builder request(int asks) {
    return BuildRequest.builder()
        .kubefile(
            Kubefile.parse(
                """
                FROM scratch
                COPY kubectl bin/
                COPY operator.yaml manifests/
                CMD kubectl apply -f manifests/operator.yaml
                """))
        .context(
            BuildContext.inMemory()
                .file("kubectl", kubectl(asks).getBytes(StandardCharsets.UTF_8), 0755)
                .file(
                    "operator.yaml",
                    "apiVersion: v1\nkind: Pod\nmetadata: {name: o}\nspec: {containers: [{name: o,"
                        + " image: \""
                        + registry.address()
                        + "/team/operator:1\"}]}\n")
                .build())
        .name("app:v1")
        .cluster(
            ClusterAccess.builder()
                .kubeconfig(work.resolve("kubeconfig"))
                .quietPeriod(Duration.ofMillis(100))
                .settleTimeout(Duration.ofSeconds(20))
                .build());
  }

  private Sealer sealer() {
    return Sealer.builder()
        .store(work.resolve("store"))
        .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
        .build();
  }

  @Test
  void commandsAreExecutedAndWhatTheyBringUpIsCollected() throws IOException {
    try (Sealer sealer = sealer()) {
      RecordingListener events = new RecordingListener();
      BuildResult result =
          sealer.builder(BuildMode.LOCAL).build(request(3).listener(events).build());

      assertThat(Files.readString(work.resolve("applied"))).contains("team/operator:1");
      assertThat(Files.readString(work.resolve("calls")))
          .contains(work.resolve("kubeconfig") + " apply -f manifests/operator.yaml");
      assertThat(result.discovery().found()).hasSize(2);
      assertThat(result.discovery().onlyInCluster())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.image().toString())
                    .isEqualTo(
                        registry.address() + "/team/operand:1@" + operand.descriptor().digest());
                assertThat(found.origins().get(0).object()).isEqualTo("Pod/default/operand");
              });
      assertThat(sealer.images().verify("app:v1", e -> {}).ok()).isTrue();
      assertThat(result.image().platforms().get(0).metadata().containerImages()).hasSize(2);
      assertThat(result.image().platforms().get(0).metadata().commands())
          .containsExactly("kubectl apply -f manifests/operator.yaml");
    }
  }

  @Test
  void whatDoesNotComeToRestIsToldWithItsReason() {
    try (Sealer sealer = sealer()) {
      BuildRequest request =
          request(1000)
              .cluster(
                  ClusterAccess.builder()
                      .kubeconfig(work.resolve("kubeconfig"))
                      .settleTimeout(Duration.ofSeconds(1))
                      .build())
              .build();

      SealerException failure =
          catchThrowableOfType(
              SealerException.class, () -> sealer.builder(BuildMode.LOCAL).build(request));

      assertThat(failure.code()).isEqualTo(ErrorCode.CLUSTER_UNSETTLED);
      assertThat(failure.getMessage())
          .contains("pod default/operand is Pending: container app: ImagePullBackOff: not there");
      assertThat(sealer.images().list()).isEmpty();
    }
  }

  @Test
  void anImageFromScratchNeedsNoCluster() {
    try (Sealer sealer = sealer()) {
      BuildResult result =
          sealer.builder(BuildMode.LOCAL).build(request(1).cluster(ClusterAccess.DEFAULT).build());
      assertThat(result.discovery().found()).hasSize(1);
      assertThat(work.resolve("applied")).doesNotExist();
    }
  }

  @Test
  void aBaseWithoutAKubeconfigIsRefused() {
    try (Sealer sealer = sealer()) {
      BuildRequest request =
          BuildRequest.builder()
              .kubefile(Kubefile.parse("FROM kubernetes:v1.20.2\nRUN true\n"))
              .name("app:v1")
              .build();
      SealerException failure =
          catchThrowableOfType(
              SealerException.class, () -> sealer.builder(BuildMode.LOCAL).build(request));
      assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(failure.remedy()).contains("--kubeconfig");
    }
  }
}
