package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.SealerException;
import org.junit.jupiter.api.Test;

class KubeconfigTest {
  private static final String ADMIN =
      """
      apiVersion: v1
      clusters:
      - cluster:
          certificate-authority-data: Q0E=
          server: https://apiserver.cluster.local:6443
        name: kubernetes
      contexts:
      - context:
          cluster: kubernetes
          user: kubernetes-admin
        name: kubernetes-admin@kubernetes
      current-context: kubernetes-admin@kubernetes
      kind: Config
      preferences: {}
      users:
      - name: kubernetes-admin
        user:
          client-key-data: S0VZ
      """;
  private static final String OTHERS =
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: other, cluster: {server: "https://o:1"}}]
      users: [{name: me, user: {token: "0123"}}]
      contexts: [{name: o, context: {cluster: other, user: me, namespace: no}}]
      current-context: o
      extensions: [x]
      """;

  @Test
  void aNewFile() {
    assertThat(Kubeconfig.with("", ADMIN, "prod"))
        .isEqualTo(
            """
            apiVersion: v1
            kind: Config
            preferences: {}
            clusters:
              - cluster:
                  certificate-authority-data: "Q0E="
                  server: "https://apiserver.cluster.local:6443"
                name: prod
            users:
              - name: prod-admin
                user:
                  client-key-data: S0VZ
            contexts:
              - context:
                  cluster: prod
                  user: prod-admin
                name: prod
            current-context: prod
            """);
  }

  @Test
  void othersStayAndAreCurrentStill() {
    String with = Kubeconfig.with(OTHERS, ADMIN, "prod");
    assertThat(with)
        .contains(
            "current-context: o\n", "token: \"0123\"", "namespace: no\n", "- x\n", "name: prod");
    assertThat(Kubeconfig.with(with, ADMIN, "prod")).isEqualTo(with);
    String without = Kubeconfig.without(with, "prod");
    assertThat(without).doesNotContain("prod").contains("current-context: o\n");
    assertThat(Kubeconfig.without(without, "prod")).isSameAs(without);
    assertThat(Kubeconfig.isEmpty(without)).isFalse();
  }

  @Test
  void whatAnotherContextUsesStays() {
    String with =
        Kubeconfig.with(OTHERS, ADMIN, "prod")
            .replace("cluster: other", "cluster: prod")
            .replace("current-context: o", "current-context: prod");
    String without = Kubeconfig.without(with, "prod");
    assertThat(without).contains("name: prod\n").doesNotContain("prod-admin");
    assertThat(without).contains("current-context: \"\"\n");
    assertThat(Kubeconfig.isEmpty(Kubeconfig.without(Kubeconfig.with("", ADMIN, "a"), "a")))
        .isTrue();
  }

  @Test
  void whatCannotBeReadIsNotOverwritten() {
    assertThatThrownBy(() -> Kubeconfig.with("a: [", ADMIN, "prod"))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("the kubeconfig cannot be read: line ");
    assertThatThrownBy(() -> Kubeconfig.with("", "a: b", "prod"))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("admin.conf of the cluster cannot be read");
    assertThatThrownBy(() -> Kubeconfig.without("text", "prod"))
        .isInstanceOf(SealerException.class);
  }
}
