package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository, and what to take of it: {@code URL[#REF][:DIRECTORY]}.
 *
 * @param url where the repository is, possibly with name and password
 * @param ref a branch, a tag or a commit; null for the default branch
 * @param directory the part of its files that is wanted; the root for all
 */
record GitSource(String url, @Nullable String ref, RootfsPath directory) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SCP = Pattern.compile("git@([^/:@]+):(?!/?/)(.+)");
  private static final Pattern WEB = Pattern.compile("(?i)https?://[^?#]+\\.git");
  private static final Pattern OTHER = Pattern.compile("(?i)(git|ssh)://.+");

  /** Whether a source of {@code COPY} is a git repository. */
  static boolean isGit(String source) {
    String url = source.split("#", 2)[0];
    return SCP.matcher(url).matches() || WEB.matcher(url).matches() || OTHER.matcher(url).matches();
  }

  /** Reads a source that is one. */
  static GitSource parse(String source) {
    String[] halves = source.split("#", 2);
    String fragment = halves.length < 2 ? "" : halves[1];
    int colon = fragment.indexOf(':');
    String ref = colon < 0 ? fragment : fragment.substring(0, colon);
    String directory = colon < 0 ? "" : fragment.substring(colon + 1);
    try {
      return new GitSource(halves[0], ref.isEmpty() ? null : ref, RootfsPath.of(directory));
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.PATH_ESCAPES,
              "COPY source "
                  + redacted(halves[0])
                  + ": the directory \""
                  + directory
                  + "\" is not inside the repository")
          .cause(e)
          .build();
    }
  }

  /** The same files elsewhere: a submodule. */
  static GitSource commit(String url, String commit) {
    return new GitSource(url, commit, RootfsPath.ROOT);
  }

  boolean isCommit() {
    return ref != null && COMMIT.matcher(ref).matches();
  }

  /** Stands for the content, if that cannot change. */
  Optional<String> identity() {
    String part = directory.isRoot() ? "" : ":" + directory;
    return isCommit() ? Optional.of("git:" + redacted(url) + "#" + ref + part) : Optional.empty();
  }

  /** {@code ssh}, {@code git}, {@code http} or {@code https}; empty if it is none of them. */
  String scheme() {
    if (SCP.matcher(url).matches()) {
      return "ssh";
    }
    Matcher scheme = Pattern.compile("(?i)(https?|git|ssh)://.+").matcher(url);
    return scheme.matches() ? scheme.group(1).toLowerCase(Locale.ROOT) : "";
  }

  private static String redacted(String url) {
    // the user of ssh is part of the address and no secret; a password never is
    return url.replaceAll("(?i)^(https?://)[^/]*@", "$1***@")
        .replaceAll("(?i)^(ssh://[^/:@]*):[^/]*@", "$1:***@");
  }

  @Override
  public String toString() {
    String wanted = ref == null ? "" : ref;
    String part = directory.isRoot() ? "" : ":" + directory;
    String fragment = wanted.isEmpty() && part.isEmpty() ? "" : "#" + wanted + part;
    return redacted(url) + fragment;
  }
}
