package cloud.sealer.kubernetes.finding;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Diagnostic.Severity;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** What was found wrong in one text so far. Not thread-safe. */
public final class Findings {
  private static final int MAX_FINDINGS = 1000;

  private final String file;
  private final UnaryOperator<Place> places;
  private final List<Diagnostic> all;

  /**
   * Starts without findings.
   *
   * @param file the name of the text, for positions
   */
  public Findings(String file) {
    this(file, UnaryOperator.identity(), new ArrayList<>());
  }

  private Findings(String file, UnaryOperator<Place> places, List<Diagnostic> all) {
    this.file = file;
    this.places = places;
    this.all = all;
  }

  /**
   * The same findings, for a text that was made from the one they are about.
   *
   * @param places from the places of the made text to those of the other
   */
  public Findings through(UnaryOperator<Place> places) {
    return new Findings(file, place -> this.places.apply(places.apply(place)), all);
  }

  /** Adds a mistake. */
  public void error(Place place, String text, String message, String remedy) {
    add(Severity.ERROR, place, text, message, remedy);
  }

  /** Adds something that does not stop the text from being used. */
  public void warning(Place place, String text, String message, String remedy) {
    add(Severity.WARNING, place, text, message, remedy);
  }

  private void add(Severity severity, Place place, String text, String message, String remedy) {
    if (all.size() < MAX_FINDINGS) {
      Place original = places.apply(place);
      all.add(
          Diagnostics.of(
              severity,
              new SourcePosition(file, original.line(), original.column()),
              text,
              message,
              remedy));
    }
  }

  /**
   * What to do about a name that is not known.
   *
   * @param name the name
   * @param known the known names
   * @param otherwise what to say if none of them is near
   */
  public static String near(String name, Collection<String> known, String otherwise) {
    return NearName.of(name, known).map(near -> "did you mean " + near + "?").orElse(otherwise);
  }

  /** What does not stop the text, in its order. */
  public List<Diagnostic> warnings() {
    return Diagnostics.sorted(all, Severity.WARNING);
  }

  /** Whether there is a mistake. */
  public boolean hasErrors() {
    return all.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }

  /**
   * Throws all mistakes as one exception, if there is any.
   *
   * @param code what the text is
   */
  public void throwIfAny(ErrorCode code) {
    Diagnostics.throwIfAny(code, all);
  }
}
