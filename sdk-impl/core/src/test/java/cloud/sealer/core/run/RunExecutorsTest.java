package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunExecutorsTest {
  private record Fake(String name, Optional<String> unavailable) implements RunExecutor {
    @Override
    public FileTree run(Request request, Task task) {
      throw new UnsupportedOperationException();
    }
  }

  private final Fake broken = new Fake("mount", Optional.of("it needs root"));
  private final Fake first = new Fake("first", Optional.empty());
  private final Fake second = new Fake("second", Optional.empty());

  private static SealerException failure(List<RunExecutor> executors, Optional<String> name) {
    SealerException e =
        catchThrowableOfType(
            SealerException.class, () -> RunExecutors.choose(executors, name, null));
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_UNAVAILABLE);
    return e;
  }

  @Test
  void firstThatWorksIsChosen() {
    List<RunExecutor> executors = List.of(broken, first, second);
    assertThat(RunExecutors.choose(executors, Optional.empty(), null)).isSameAs(first);
    assertThat(RunExecutors.choose(executors, Optional.of("second"), null)).isSameAs(second);
  }

  @Test
  void reasonsAreListed() {
    Fake other = new Fake("copy", Optional.of("there is no shell"));
    SealerException e = failure(List.of(broken, other), Optional.empty());
    assertThat(e).hasMessageContaining("mount: it needs root\n  copy: there is no shell");
    assertThat(failure(List.of(broken, first), Optional.of("mount")))
        .hasMessageContaining("it needs root");
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThat(failure(List.of(broken, first), Optional.of("docker")).remedy())
        .contains("mount, first");
  }

  @Test
  void standardOrderPrefersMounts() {
    assertThat(RunExecutors.standard(Path.of("unused")).stream().map(RunExecutor::name))
        .containsExactly("overlay", "overlay-userns", "copy");
  }
}
