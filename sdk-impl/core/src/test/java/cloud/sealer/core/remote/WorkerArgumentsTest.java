package cloud.sealer.core.remote;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterAccess;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PlatformPolicy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerArgumentsTest {
  private static final Reference NAME = Reference.parse("registry.example.com/team/app:v1");

  /** What becomes of each property of a request, with the argument of the worker or a reason. */
  private static final Map<String, String> BUILD =
      Map.ofEntries(
          Map.entry("kubefile", "-f"),
          Map.entry("context", RemotePaths.CONTEXT),
          Map.entry("name", "-t"),
          Map.entry("args", "--build-arg=VERSION=2"),
          Map.entry("platforms", "--platform=linux/arm64"),
          Map.entry("platform", "the first of platforms"),
          Map.entry("missingPlatforms", "--missing-platform=warn"),
          Map.entry("cache", "--no-cache"),
          Map.entry("includeBase", "--base=false"),
          Map.entry("pullBase", "the caller looks for the base, and sends it"),
          Map.entry("compression", "--compression=zstd"),
          Map.entry("discovery", "see its own properties"),
          Map.entry("runExecutor", "--run-executor=copy"),
          Map.entry("runTimeout", "--run-timeout=77"),
          Map.entry("sourceDateEpoch", "--source-date-epoch=1234"),
          Map.entry("cluster", "see its own properties"),
          Map.entry("remote", "it is what makes the machine"),
          Map.entry("lock", "--lock-in=" + RemotePaths.LOCK),
          Map.entry("signatures", "--signatures=false"),
          Map.entry("listener", "the caller's hears the events of the worker"));

  private static final Map<String, String> DISCOVERY =
      Map.of(
          "suspected", "--suspected=fail",
          "unresolved", "--unresolved=accept",
          "additions", "--add-image=docker.io/library/busybox:1",
          "exclusions", "--exclude-image=docker.io/library/x*");

  private static final Map<String, String> CLUSTER =
      Map.of(
          "kubeconfig", "the machine has a cluster of its own",
          "context", "its kubeconfig has one",
          "settleTimeout", "--settle-timeout=88",
          "quietPeriod", "--quiet-period=9");

  private static final Map<String, String> REGISTRIES =
      Map.ofEntries(
          Map.entry("hosts", "see its own properties"),
          Map.entry("certificates", "--cert-dir=" + RemotePaths.CERTIFICATES),
          Map.entry("proxy", "--proxy=http://proxy.example.com:3128"),
          Map.entry("noProxy", "--no-proxy=internal.example.com"),
          Map.entry("credentials", "a docker configuration is sent"),
          Map.entry("dockerConfig", "a docker configuration is sent"),
          Map.entry("attempts", "how patient the machine is does not change the image"),
          Map.entry("retryDelay", "how patient the machine is does not change the image"),
          Map.entry("connectTimeout", "how patient the machine is does not change the image"),
          Map.entry("readTimeout", "how patient the machine is does not change the image"));

  private static final Map<String, String> HOST =
      Map.of(
          "host", "--plain-http=registry.example.com",
          "plainHttp", "--plain-http=registry.example.com",
          "insecure", "--insecure=other.example.com",
          "authorities", "--cert-dir=" + RemotePaths.CERTIFICATES,
          "clientCertificate", "a private key goes only with the directory of certificates",
          "proxy", "--proxy=registry.example.com=http://proxy.example.com:3129",
          "mirrors", "--mirror=registry.example.com=mirror.example.com/hub");

  private static Stream<Arguments> properties() {
    return Stream.of(
        Arguments.of(BuildRequest.class, BUILD),
        Arguments.of(DiscoveryPolicy.class, DISCOVERY),
        Arguments.of(ClusterAccess.class, CLUSTER),
        Arguments.of(RegistryOptions.class, REGISTRIES),
        Arguments.of(RegistryHost.class, HOST));
  }

  @ParameterizedTest
  @MethodSource("properties")
  void everyPropertyReachesTheWorkerOrHasAReasonNotTo(Class<?> type, Map<String, String> known) {
    TreeSet<String> properties = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      boolean accessor =
          Modifier.isPublic(method.getModifiers())
              && !Modifier.isStatic(method.getModifiers())
              && method.getParameterCount() == 0
              && !List.of("toBuilder", "toString", "hashCode").contains(method.getName());
      if (accessor) {
        properties.add(method.getName());
      }
    }
    assertThat(properties)
        .as("decide what becomes of a new property on the machine, and say it here")
        .isEqualTo(new TreeSet<>(known.keySet()));

    List<String> arguments = arguments();
    assertThat(known.values())
        .filteredOn(text -> text.startsWith("-") || text.startsWith("/"))
        .allSatisfy(argument -> assertThat(arguments).contains(argument));
  }

  private static List<String> arguments() {
    BuildRequest request =
        BuildRequest.builder()
            .kubefile(Kubefile.builder().from("kubernetes:v1.20.2").build())
            .context(BuildContext.inMemory().build())
            .name(NAME.toString())
            .arg("VERSION", "2")
            .platforms(List.of(Platform.LINUX_ARM64))
            .missingPlatforms(PlatformPolicy.WARN)
            .cache(false)
            .includeBase(false)
            .compression(Compression.ZSTD)
            .discovery(
                new DiscoveryPolicy(
                    DiscoveryPolicy.Action.FAIL,
                    DiscoveryPolicy.Action.ACCEPT,
                    List.of(Reference.parse("docker.io/library/busybox:1")),
                    List.of("docker.io/library/x*")))
            .runExecutor("copy")
            .runTimeout(Duration.ofSeconds(77))
            .sourceDateEpoch(1234)
            .cluster(
                ClusterAccess.builder()
                    .settleTimeout(Duration.ofSeconds(88))
                    .quietPeriod(Duration.ofSeconds(9))
                    .build())
            .lock(new ImageLock(Map.of(), Map.of()))
            .signatures(false)
            .build();
    return WorkerArguments.build(request, NAME, registries(), true).list();
  }

  private static RegistryOptions registries() {
    return RegistryOptions.builder()
        .host(
            RegistryHost.builder("registry.example.com")
                .plainHttp(true)
                .proxy(HttpProxy.of("proxy.example.com", 3129))
                .mirror("mirror.example.com/hub")
                .build())
        .host(
            RegistryHost.builder("other.example.com")
                .insecure(true)
                .authority(Path.of("ca.pem"))
                .build())
        .proxy(HttpProxy.of("proxy.example.com", 3128))
        .noProxy("internal.example.com")
        .build();
  }
}
