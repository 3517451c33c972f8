package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any spec and any text. */
class ClusterfilePropertyTest {
  private static final String SECRET = "hunter2-secret";
  private static final DefaultClusterfileFormat FORMAT =
      new DefaultClusterfileFormat(new LiteralBraces());

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenIsReadAsItWas(@ForAll("specs") ClusterSpec spec) {
    String text = FORMAT.write(spec);
    assertThat(text).doesNotContain(SECRET);
    assertThat(FORMAT.read(text, "Clusterfile").spec()).isEqualTo(withoutSecrets(spec));
    assertThat(FORMAT.write(FORMAT.read(text, "Clusterfile").spec())).isEqualTo(text);
  }

  @Property(tries = 1000)
  void anyTextIsASpecOrHasMistakesWithinIt(@ForAll("texts") String text) {
    check(text);
  }

  /** Reads a text: a spec that survives being written, or mistakes whose places are in the text. */
  static void check(String text) {
    ClusterSpec spec;
    try {
      spec = FORMAT.read(text, "Clusterfile").spec();
    } catch (SealerException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CLUSTERFILE);
      assertThat(e.diagnostics()).isNotEmpty();
      int lines = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
      for (Diagnostic mistake : e.diagnostics()) {
        assertThat(mistake.position().line()).isBetween(1, lines + 1);
        assertThat(mistake.toString().lines()).hasSize(1);
      }
      return;
    }
    assertThat(FORMAT.read(FORMAT.write(spec), "Clusterfile").spec())
        .isEqualTo(withoutSecrets(spec));
  }

  private static ClusterSpec withoutSecrets(ClusterSpec spec) {
    return spec.toBuilder()
        .ssh(withoutSecrets(spec.ssh()))
        .groups(
            spec.groups().stream()
                .map(
                    group ->
                        new HostGroup(
                            group.addresses(),
                            group.roles(),
                            withoutSecrets(group.ssh()),
                            group.env()))
                .toList())
        .build();
  }

  private static SshOptions withoutSecrets(SshOptions ssh) {
    SshOptions.Builder plain = SshOptions.builder();
    ssh.user().ifPresent(plain::user);
    ssh.privateKey().ifPresent(plain::privateKey);
    if (ssh.port() != 0) {
      plain.port(ssh.port());
    }
    return plain.build();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "apiVersion: sealer.cloud/v2\n",
            "apiVersion: zlink.aliyun.com/v1alpha1\n",
            "kind: Cluster\n",
            "kind: Config\n",
            "kind: Plugin\n",
            "kind: Infra\n",
            "  provider: ALI_CLOUD\n",
            "  masters: {count: 1, memory: 8}\n",
            "    count: 2\n",
            "kind: KubeadmConfig\n",
            "metadata: {name: a}\n",
            "metadata:\n",
            "spec:\n",
            "  image: a:b\n",
            "  env:\n",
            "    - A=b;c\n",
            "    A: no\n",
            "  ssh: {passwd: x, port: 22}\n",
            "  hosts:\n",
            "  - ips: [10.0.0.1-10.0.0.3]\n",
            "    roles: [master]\n",
            "  masters: {ipList: [1.2.3.4], cpu: 4}\n",
            "  network: {podCIDR: 1.2.3.0/24}\n",
            "  certSANS: [a]\n",
            "  path: etc/x\n",
            "  type: TAINT\n",
            "  action: PreGuest|PostInstall\n",
            "  on: a=b\n",
            "  data: |\n",
            "    10.0.0.1 a=b:NoSchedule\n",
            "---\n",
            "...\n",
            "--- {a: b}\n",
            "# c\n",
            "&a ",
            "*a ",
            "<<: ",
            "!!int ",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "'",
            "|\n",
            "\t",
            "\r\n",
            "\u2028",
            "\uFEFF",
            "\0",
            "é",
            "{{ .A }}")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<ClusterSpec> specs() {
    Arbitrary<Map<String, List<String>>> env = env();
    return Combinators.combine(
            Arbitraries.of("a", "my-cluster", "a.b-9"),
            Arbitraries.maps(texts(1), any()).ofMaxSize(2),
            Arbitraries.of("", "my-dashboard:v1", "reg:5000/a/b:c"),
            ssh(),
            env,
            groups().list().ofMaxSize(3),
            Combinators.combine(
                    Arbitraries.maps(texts(1), any()).ofMaxSize(2),
                    any().list().ofMaxSize(3).optional())
                .as(Map::entry),
            Combinators.combine(
                    configs().list().ofMaxSize(2),
                    plugins().list().ofMaxSize(2).uniqueElements(PluginSpec::name),
                    kubeadm().list().ofMaxSize(2))
                .as((configs, plugins, kubeadm) -> List.of(configs, plugins, kubeadm)))
        .as(ClusterfilePropertyTest::spec);
  }

  @SuppressWarnings("unchecked")
  private static ClusterSpec spec(
      String name,
      Map<String, String> annotations,
      String image,
      SshOptions ssh,
      Map<String, List<String>> env,
      List<HostGroup> groups,
      Map.Entry<Map<String, String>, Optional<List<String>>> commands,
      List<?> documents) {
    ClusterSpec.Builder builder = ClusterSpec.builder(name).image(image).ssh(ssh).groups(groups);
    annotations.forEach(builder::annotation);
    if (groups.stream().allMatch(group -> group.addresses().isEmpty())) {
      List<Long> disks = List.of(1L, 3L << 10, 5L << 20, 7L << 30, 9L << 40);
      MachineGroup machines =
          new MachineGroup(Set.of("master", "a b"), 3, annotations.size(), 1000, 0, disks);
      builder
          .groups(List.of())
          .infrastructure(new InfrastructureSpec("", List.of(machines), image, annotations));
    }
    env.forEach((variable, values) -> builder.env(variable, values.toArray(String[]::new)));
    commands.getKey().forEach(builder::commandArg);
    commands.getValue().ifPresent(builder::commands);
    ((List<ConfigSpec>) documents.get(0)).forEach(builder::config);
    ((List<PluginSpec>) documents.get(1)).forEach(builder::plugin);
    ((List<KubeadmDocument>) documents.get(2)).forEach(builder::kubeadm);
    return builder.build();
  }

  private static Arbitrary<String> any() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            "no",
            "1.20",
            "0755",
            "~",
            "null",
            " a ",
            "a: b",
            "- x",
            "# c",
            "{{ .X }}",
            "{{{",
            "a;b",
            "\"",
            "'",
            "\\",
            "---",
            "a\n---\nb",
            "|",
            "é",
            "a\tb",
            "x\n",
            "\n",
            "2024-01-01",
            "1_000",
            "0o17",
            "<<",
            "@a",
            "`",
            "a\r\nb",
            "  b\n a\n",
            "a\n\n",
            "a \nb",
            "\u2028"),
        Arbitraries.strings()
            .ascii()
            .ofMaxLength(20)
            .map(text -> text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]", "?")));
  }

  private static Arbitrary<String> texts(int min) {
    return any()
        .filter(
            text ->
                text.strip().length() >= min && text.equals(text.strip()) && !text.equals("<<"));
  }

  private static Arbitrary<Map<String, List<String>>> env() {
    return Arbitraries.maps(texts(1), any().list().ofMinSize(1).ofMaxSize(3)).ofMaxSize(3);
  }

  private static Arbitrary<SshOptions> ssh() {
    return Combinators.combine(
            Arbitraries.of("root", "ops").injectNull(0.3),
            Arbitraries.of(0, 22, 2222),
            Arbitraries.of(Path.of("~/.ssh/id"), Path.of("/a b/c")).injectNull(0.3),
            Arbitraries.of(true, false))
        .as(
            (user, port, key, secret) -> {
              SshOptions.Builder ssh = SshOptions.builder();
              if (user != null) {
                ssh.user(user);
              }
              if (port != 0) {
                ssh.port(port);
              }
              if (key != null) {
                ssh.privateKey(key);
              }
              if (secret) {
                ssh.password(Secret.of(SECRET)).passphrase(Secret.of(SECRET));
              }
              return ssh.build();
            });
  }

  private static Arbitrary<HostGroup> groups() {
    return Combinators.combine(
            Arbitraries.of("10.0.0.1", "10.0.0.2:2222", "fd00::1", "[fd00::2]:23", "node1")
                .set()
                .ofMinSize(1)
                .ofMaxSize(3),
            Arbitraries.of("master", "node", "gpu", "no").set().ofMinSize(1).ofMaxSize(2),
            ssh(),
            env())
        .as(
            (addresses, roles, ssh, env) ->
                new HostGroup(
                    addresses.stream().map(HostAddress::parse).toList(),
                    new LinkedHashSet<>(roles),
                    ssh,
                    env));
  }

  private static Arbitrary<ConfigSpec> configs() {
    return Combinators.combine(
            any(),
            Arbitraries.of("etc/a.yml", "x", "a/b c"),
            Arbitraries.of(ConfigSpec.Strategy.class),
            Arbitraries.of(ConfigSpec.Step.class).list().ofMaxSize(3),
            any())
        .as(
            (name, path, strategy, process, data) ->
                new ConfigSpec(name, RootfsPath.of(path), strategy, process, data));
  }

  private static Arbitrary<PluginSpec> plugins() {
    return Combinators.combine(
            texts(1),
            Arbitraries.of("SHELL", "MINE"),
            Arbitraries.of(Phase.PRE_GUEST, Phase.POST_INSTALL, Phase.POST_JOIN).set().ofMinSize(1),
            Arbitraries.of("", "master", "a=b", "10.0.0.1-10.0.0.3,master0"),
            any().map(text -> "x" + text))
        .as(
            (name, type, phases, on, data) ->
                new PluginSpec(name, type, Set.copyOf(phases), on, data));
  }

  private static Arbitrary<KubeadmDocument> kubeadm() {
    return Arbitraries.of("ClusterConfiguration", "KubeletConfiguration", "KubeadmConfig")
        .map(
            kind ->
                new KubeadmDocument(
                    kind, "kind: " + kind + "\n# {{ comment }}\nspec: {a: '{{ b }}'}\n\n"));
  }
}
