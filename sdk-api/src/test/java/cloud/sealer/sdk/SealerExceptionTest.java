package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealerExceptionTest {
  private static final Diagnostic FINDING =
      new Diagnostic(
          Diagnostic.Severity.ERROR, new SourcePosition("K", 1, 2), "x", "is bad", "write y");

  private static SealerException full() {
    return SealerException.builder(ErrorCode.UNREACHABLE, "h.io does not answer")
        .cause(new IOException("timeout"))
        .retryable(true)
        .attempts(3)
        .remedy("check the network")
        .detail("status", 503)
        .detail("host", "h.io")
        .diagnostics(List.of(FINDING))
        .build();
  }

  @Test
  void saysEverything() {
    SealerException e = full();
    assertThat(e).hasMessage("h.io does not answer").hasCauseInstanceOf(IOException.class);
    assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(e.retryable()).isTrue();
    assertThat(e.attempts()).isEqualTo(3);
    assertThat(e.remedy()).isEqualTo("check the network");
    assertThat(e.details()).isEqualTo(Map.of("host", "h.io", "status", "503")).isUnmodifiable();
    assertThat(e.diagnostics()).containsExactly(FINDING).isUnmodifiable();
  }

  @Test
  void hasPlainDefaults() {
    SealerException e = SealerException.builder(ErrorCode.INTERNAL, "m").build();
    assertThat(e.retryable()).isFalse();
    assertThat(e.attempts()).isOne();
    assertThat(e.remedy()).isEmpty();
    assertThat(e.details()).isEmpty();
    assertThat(e.diagnostics()).isEmpty();
    assertThat(e).hasNoCause();
  }

  @Test
  void keepsTheInterruptFlag() {
    SealerException e = SealerException.cancelled("build of a");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(e).hasMessage("build of a was cancelled");
  }

  @Test
  void canBeSerialised() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(full());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      SealerException copy = (SealerException) in.readObject();
      assertThat(copy.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(copy.details()).isEmpty();
      assertThat(copy.diagnostics()).isEmpty();
    }
  }

  @Test
  void writesFindingsOnOneLine() {
    assertThat(FINDING).hasToString("K:1:2: is bad; write y");
    assertThat(new Diagnostic(Diagnostic.Severity.WARNING, SourcePosition.NONE, "x", "is odd", ""))
        .hasToString("Kubefile: warning: is odd");
  }
}
