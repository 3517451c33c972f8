package cloud.sealer.sdk;

/** What a build does about a container image that is not there for a platform it builds for. */
public enum PlatformPolicy {
  /** The build fails, and names all of them. */
  FAIL,
  /** It is left out for that platform, with a notice; {@link BuildResult#missing} has it. */
  WARN,
  /** It is left out for that platform without a word; {@link BuildResult#missing} has it. */
  SKIP
}
