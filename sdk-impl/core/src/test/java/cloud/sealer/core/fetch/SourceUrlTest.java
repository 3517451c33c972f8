package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://h/a/b.tgz, b.tgz",
    "https://h/b.tgz?token=x/y, b.tgz",
    "https://h/b.tgz#part, b.tgz",
    "https://h/a%20b, a b",
    "https://h/%E6%96%87.yaml, 文.yaml",
    "https://h/a+b, a+b",
    "HTTPS://H/.., ''",
    "https://h, ''",
    "https://h/, ''",
    "https://h/a/, ''",
    "https://h/a%2Fb, ''",
    "https://h/..%2f..%2fetc, ''",
    "https://h/%2e%2e, ''",
    "https://h/a%00b, ''",
    "https://h/a%0Ab, ''",
    "https://h/%ff, ''",
  })
  void namesTheFileSafely(String url, String name) {
    SourceUrl parsed = SourceUrl.parse(url);

    if (name.isEmpty()) {
      assertThatThrownBy(parsed::fileName).isInstanceOf(SealerException.class);
    } else {
      assertThat(parsed.fileName()).isEqualTo(name);
    }
  }

  @Test
  void aNameThatLeavesTheDirectoryIsRefusedAsThat() {
    assertThatThrownBy(() -> SourceUrl.parse("https://h/x/%2e%2e").fileName())
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES));
  }

  @Test
  void hidesThePasswordAndTheQuery() {
    SourceUrl url = SourceUrl.parse("https://me:s3cret%40@h:8443/f?X-Signature=s3cret");

    assertThat(url).hasToString("https://***@h:8443/f?***");
    assertThat(url.uri().toString()).isEqualTo("https://h:8443/f?X-Signature=s3cret");
    assertThat(url.authorization()).contains("Basic bWU6czNjcmV0QA==");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:s3cret@h/a b",
        "https://me:s3cret@/f",
        "http://:s3cret",
        "https://me:s3c@ret@h/{f}?s3cret"
      })
  void aBadUrlIsReportedWithoutItsPassword(String url) {
    assertThatThrownBy(() -> SourceUrl.parse(url))
        .isInstanceOf(SealerException.class)
        .satisfies(
            e -> assertThat(e.toString() + e.getCause()).doesNotContain("s3cret@", "?s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/f, https://h:443/g, true",
    "http://h:80/f, http://H/g, true",
    "https://h/f, http://h/f, false",
    "https://h/f, https://h:444/f, false",
    "https://h/f, https://x.h/f, false",
  })
  void knowsOrigins(String a, String b, boolean same) {
    assertThat(SourceUrl.parse(a).sameOrigin(SourceUrl.parse(b))).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/f.tgz, http",
    "http://h/f, http",
    "HTTP://h/f, http",
    "https://h/digit, http",
    "https://h/r.git, git",
    "https://h/r.git#main:sub, git",
    "https://h/r.git?x=1, http",
    "https://h/r.git/, http",
    "https://h/x#a.git, http",
    "git://h/r, git",
    "git@h:o/r.git, git",
    "git@h:o/r#v1, git",
    "ssh://git@h/o/r.git, git",
    "git@h, none",
    "file:///r.git, none",
    "manifests, none",
    "./git@x, none",
    "ftp://h/f, none",
  })
  void eachSourceHasOneFetcherAtMost(String source, String kind) {
    try (HttpSourceFetcher http =
            new HttpSourceFetcher(RegistryOptions.DEFAULT, Clock.systemUTC());
        GitSourceFetcher git = new GitSourceFetcher(RegistryOptions.DEFAULT)) {
      assertThat(http.supports(source)).isEqualTo(kind.equals("http"));
      assertThat(git.supports(source)).isEqualTo(kind.equals("git"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/r.git#0123456789012345678901234567890123456789,"
        + " git:https://h/r.git#0123456789012345678901234567890123456789",
    "https://u:p@h/r.git#0123456789012345678901234567890123456789:a/b/,"
        + " git:https://***@h/r.git#0123456789012345678901234567890123456789:a/b",
    "https://h/r.git#v1, ''",
    "https://h/r.git, ''",
    "https://h/r.git#0123456, ''",
  })
  void aCommitStandsForItsContent(String source, String identity) {
    assertThat(GitSource.parse(source).identity().orElse("")).isEqualTo(identity);
  }

  @Test
  void aDirectoryOutsideTheRepositoryIsRefused() {
    assertThatThrownBy(() -> GitSource.parse("https://u:p@h/r.git#main:../x"))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES))
        .hasMessageContaining("../x")
        .hasMessageNotContaining("u:p");
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/o/r.git, ../s.git, https://h/o/s.git",
    "https://h/o/r.git/, ./s, https://h/o/r.git/s",
    "https://h/o/r.git, ../../../../s, https://h/s",
    "git@h:o/r.git, ../s.git, git@h:o/s.git",
    "git@h:r.git, ../s.git, git@h:s.git",
    "https://h/r.git, https://x/s.git, https://x/s.git",
  })
  void resolvesAddressesOfSubmodules(String base, String url, String expected) {
    assertThat(RelativeUrl.resolve(base, url)).isEqualTo(expected);
  }
}
