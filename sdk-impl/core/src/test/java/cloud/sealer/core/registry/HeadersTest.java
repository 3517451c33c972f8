package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "</v2/a/tags/list?last=x&n=2>; rel=\"next\" | /v2/a/tags/list?last=x&n=2",
        "</p>; title=a; rel=next | /p",
        "</first>; rel=first, </second>; rel=\"prefetch next\" | /second"
      })
  void readsTheNextLink(String header, String next) {
    assertThat(Tags.next(List.of("<x>; rel=prev", header))).contains(next);
  }

  @Test
  void knowsWhenThereIsNoNextLink() {
    assertThat(Tags.next(List.of())).isEmpty();
    assertThat(Tags.next(List.of("</a>; rel=\"prev\"", "</b>; rel=nextish"))).isEmpty();
  }

  @Test
  void showsErrorsOfTheSpecification() {
    byte[] body =
        ("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest\\u001b[31m unknown\\n\","
                + "\"detail\":{\"Tag\":\"v1\"}},{\"code\":\"DENIED\",\"message\":\"no\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(ErrorBody.text(body))
        .isEqualTo("MANIFEST_UNKNOWN: manifest [31m unknown ({\"Tag\":\"v1\"}); DENIED: no");
    assertThat(ErrorBody.codes(body)).isEqualTo(Set.of("MANIFEST_UNKNOWN", "DENIED"));
  }

  @Test
  void showsOtherErrors() {
    assertThat(text("{\"error\":\"invalid_grant\",\"error_description\":\"bad token\"}"))
        .isEqualTo("invalid_grant; bad token");
    assertThat(text("<html><style>p{}</style><h1>502 Bad\u0007 Gateway</h1></html>"))
        .isEqualTo("502 Bad Gateway");
    assertThat(text("")).isEmpty();
    assertThat(text("x".repeat(10_000))).hasSizeLessThan(500);
  }

  private static String text(String body) {
    return ErrorBody.text(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void knowsTheUrlOfARegistry() throws Exception {
    Addresses addresses = new Addresses(Set.of("plain.example:5000"));
    assertThat(addresses.of("docker.io", "library/nginx/tags/list"))
        .isEqualTo(URI.create("https://registry-1.docker.io/v2/library/nginx/tags/list"));
    assertThat(addresses.of("plain.example:5000", "").toString())
        .isEqualTo("http://plain.example:5000/v2/");
    assertThat(addresses.of("plain.example", "").getScheme()).isEqualTo("https");
    assertThat(addresses.of("[::1]:5000", "").toString()).isEqualTo("https://[::1]:5000/v2/");
  }

  @Test
  void refusesToLeaveHttps() throws Exception {
    Addresses addresses = new Addresses(Set.of("store.example:9000"));
    URI base = URI.create("https://r.example/v2/a");
    assertThat(addresses.named(base, "/x?y=1", "Location").toString())
        .isEqualTo("https://r.example/x?y=1");
    assertThat(addresses.named(base, "http://store.example:9000/x", "Location").getPort())
        .isEqualTo(9000);
    assertThatThrownBy(() -> addresses.named(base, "http://other.example/x", "Location"))
        .isInstanceOfSatisfying(
            RegistryFailure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REGISTRY_ERROR))
        .hasMessageContaining("plain HTTP at other.example");
    for (String bad : List.of("", "file:///etc/passwd", "http://", "https://u:p@host/", "a b")) {
      assertThatThrownBy(() -> addresses.named(base, bad, "Location"))
          .isInstanceOf(RegistryFailure.class);
    }
  }
}
