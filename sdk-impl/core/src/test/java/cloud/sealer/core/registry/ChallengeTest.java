package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void readsWhatDockerHubSends() {
    assertThat(
            Challenge.parse(
                List.of(
                    "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                        + "scope=\"repository:a/b:pull,push\"")))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.docker.io/token",
                    "service", "registry.docker.io",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void readsSeveralChallengesOfOneHeaderAndOfSeveral() {
    assertThat(
            Challenge.parse(
                List.of(
                    "Negotiate, Basic realm=\"a, \\\"b\\\" = c\" , BEARER Realm = \"r\" , service=x",
                    "Digest abc==")))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a, \"b\" = c")),
            new Challenge("bearer", Map.of("realm", "r", "service", "x")),
            new Challenge("digest", Map.of("abc", "=")));
  }

  @Test
  void survivesNonsense() {
    Random random = new Random(7);
    String alphabet = "Bearer =\",\\ realm\t:;/";
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(Challenge.parse(List.of(text.toString()))).doesNotContainNull();
    }
    assertThat(Challenge.parse(List.of("", "Basic realm=\"open", "\"\"\"")))
        .extracting(Challenge::scheme)
        .contains("basic");
  }

  @Test
  void endsATokenBeforeItExpires() {
    var asked = Samples.CLOCK.instant();
    assertThat(new Token("t", asked, Duration.ofSeconds(300)).isGood(asked.plusSeconds(289)))
        .isTrue();
    assertThat(new Token("t", asked, Duration.ofSeconds(300)).isGood(asked.plusSeconds(290)))
        .isFalse();
    assertThat(new Token("t", asked, Duration.ofSeconds(8)).isGood(asked.plusSeconds(5))).isTrue();
    assertThat(new Token("secret", asked, Duration.ofSeconds(8)).toString())
        .doesNotContain("secret");
  }

  @Test
  void addsTheScopeOfTheChallenge() {
    Scope scope = new Scope("r", List.of("repository:a:pull"));
    assertThat(scope.with("repository:a:pull repository:b:pull"))
        .containsExactly("repository:a:pull", "repository:b:pull");
    assertThat(scope.with("")).containsExactly("repository:a:pull");
  }
}
