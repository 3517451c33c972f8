package cloud.sealer.kubernetes.yaml;

/** A text is not YAML, or more of it than can be sensible. */
public final class YamlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient YamlNode.Place place;

  YamlException(String problem, YamlNode.Place place) {
    super(problem, null, false, false);
    this.place = place;
  }

  /** Where in the text; the message says what, and quotes nothing of the text. */
  public YamlNode.Place place() {
    return place;
  }
}
