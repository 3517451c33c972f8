package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class HaproxyTest {
  @Test
  void everyControlPlaneIsAServerThatIsAskedWhetherItIsReady() {
    assertThat(Haproxy.settings(List.of("10.0.0.1", "fd00::2")))
        .isEqualTo(
            """
            global
              maxconn 4096
            defaults
              mode tcp
              timeout connect 3s
              timeout client 1h
              timeout server 1h
              timeout check 3s
              option redispatch
              retries 2
            listen apiserver
              bind 127.0.0.1:6443
              option httpchk GET /readyz
              http-check expect ! rstatus ^5
              default-server inter 2s fall 2 rise 1 check-ssl verify none on-marked-down shutdown-sessions
              server 10.0.0.1 10.0.0.1:6443 check
              server fd00--2 [fd00::2]:6443 check
            """);
  }

  @Test
  void thePodStartsAgainWhenItsServersChange() {
    Map<String, Object> one = pod("10.0.0.1");
    Map<String, Object> two = pod("10.0.0.1", "10.0.0.2");

    assertThat(one.get("metadata")).isNotEqualTo(two.get("metadata"));
    assertThat(one.get("spec")).isEqualTo(two.get("spec"));
    assertThat(one.get("spec").toString())
        .contains("image=sea.hub:5000/library/haproxy:2.6", "path=" + LoadBalancer.SETTINGS);
  }

  private static Map<String, Object> pod(String... controlPlanes) {
    return new Yaml()
        .load(Haproxy.manifest("sea.hub:5000/library/haproxy:2.6", List.of(controlPlanes)));
  }
}
