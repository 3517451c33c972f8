package cloud.sealer.core.kubefile;

import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.spi.KubefileParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The parser of the Kubefile language. It goes on after a mistake, so that all are reported at
 * once.
 */
public final class DefaultKubefileParser implements KubefileParser {
  /** Makes a parser; the service loader needs it. */
  public DefaultKubefileParser() {}

  @Override
  public Kubefile parse(String text, String file) {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(file, "file");
    Findings findings = new Findings();
    LineReader lines = new LineReader(text, file);
    InstructionReader reader = new InstructionReader(lines, findings);
    List<Instruction> instructions = new ArrayList<>();
    for (Line line = lines.next(); line != null; line = lines.next()) {
      reader.read(line).ifPresent(instructions::add);
    }
    reader.finish(file);
    findings.throwIfAny();
    return Kubefile.of(instructions);
  }
}
