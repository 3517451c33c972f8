package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.Transport;

/** Fetches one commit of one repository, without its history, and writes its files. */
final class GitFetch {
  /** No repository has an entry of this name, so it cannot be in the way of one. */
  private static final String SCRATCH = ".git";

  private static final int MAX_SUBMODULE_DEPTH = 10;

  private final GitConnections connections;
  private final Task task;

  GitFetch(GitConnections connections, Task task) {
    this.connections = connections;
    this.task = task;
  }

  /** Writes the files of the source into an empty directory, and returns the commit they are of. */
  String fetch(GitSource source, Path directory, int depth) throws FetchFailure {
    if (depth > MAX_SUBMODULE_DEPTH) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED,
          "more than " + MAX_SUBMODULE_DEPTH + " submodules in each other",
          "");
    }
    Path scratch = directory.resolve(SCRATCH);
    try {
      Files.createDirectories(scratch);
      try (ScratchRepository repository = ScratchRepository.create(scratch)) {
        RevCommit commit = download(repository, source, scratch);
        GitCheckout checkout = new GitCheckout(repository, commit, source, task);
        checkout.write(directory);
        for (GitCheckout.Submodule module : checkout.submodules()) {
          fetch(module.source(), module.directory(), depth + 1);
        }
        return commit.name();
      } finally {
        ScratchRepository.remove(scratch);
      }
    } catch (FetchFailure e) {
      throw e;
    } catch (FileSystemException e) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "cannot write the files: " + e.getMessage(), "");
    } catch (IOException e) {
      throw FetchFailure.unreachable(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      // JGit throws these for objects that make no sense
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "the repository cannot be read: " + e.getMessage(), "");
    }
  }

  private RevCommit download(ScratchRepository repository, GitSource source, Path scratch)
      throws IOException {
    Monitor monitor = new Monitor(connections);
    ObjectId id;
    try {
      id = download(repository, source, scratch, monitor, true);
    } catch (TransportException e) {
      // there are many words for a refusal, but none of them is followed by objects
      boolean refused = source.isCommit() && monitor.connected && !monitor.receiving;
      if (!refused || connections.aborted() || hasCause(e, SocketTimeoutException.class)) {
        throw classified(e, scratch);
      }
      id = wholeHistory(repository, source, scratch);
    }
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(id);
    } catch (MissingObjectException e) {
      throw missing(source);
    }
  }

  /**
   * An old or strict server gives only what a branch or tag names: then the commit is among
   * everything.
   */
  private ObjectId wholeHistory(ScratchRepository repository, GitSource source, Path scratch)
      throws IOException {
    task.notice(
        "the server of " + source + " gives no single commit; its whole history is fetched");
    try {
      return download(repository, source, scratch, new Monitor(connections), false);
    } catch (TransportException e) {
      throw classified(e, scratch);
    }
  }

  private ObjectId download(
      ScratchRepository repository,
      GitSource source,
      Path scratch,
      Monitor monitor,
      boolean shallow)
      throws IOException {
    try (Transport transport = connections.transport(repository, source, scratch)) {
      if (shallow) {
        transport.setDepth(1);
      }
      try (FetchConnection connection = transport.openFetch()) {
        monitor.connected = true;
        Ref ref = find(connection, source);
        List<Ref> wanted =
            shallow
                ? List.of(ref)
                : connection.getRefs().stream().filter(r -> r.getObjectId() != null).toList();
        connection.fetch(monitor, wanted, Set.of());
        return ref.getObjectId();
      }
    }
  }

  private static Ref find(FetchConnection connection, GitSource source) throws FetchFailure {
    String name = source.ref();
    if (source.isCommit()) {
      ObjectId id = ObjectId.fromString(name);
      return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, id.name(), id);
    }
    List<String> candidates =
        name == null ? List.of("HEAD") : List.of("refs/heads/" + name, "refs/tags/" + name, name);
    for (String candidate : candidates) {
      Ref ref = connection.getRef(candidate);
      if (ref != null && ref.getObjectId() != null) {
        return ref;
      }
    }
    throw missing(source);
  }

  private static FetchFailure missing(GitSource source) {
    return FetchFailure.lasting(
        ErrorCode.FETCH_FAILED,
        source.ref() == null
            ? "the repository is empty"
            : "the repository has no branch, tag or commit \"" + source.ref() + "\"",
        source.ref() == null
            ? "Push a commit to it."
            : "Give a branch, a tag, or all 40 digits of a commit after the #.");
  }

  private static FetchFailure classified(TransportException e, Path scratch) throws IOException {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FetchFailure failure) {
        return failure;
      }
    }
    String said = SshProgram.messages(scratch);
    String message =
        (said.isEmpty() ? "" : said.replaceAll("\\s*\\n\\s*", "; ") + ": ") + e.getMessage();
    if (hasCause(e, SocketTimeoutException.class)) {
      return FetchFailure.unreachable("the server did not answer in time", e);
    }
    if (message.contains("not authorized")
        || message.contains("Authentication is required")
        || message.contains("not permitted")
        || message.contains("Permission denied (")) {
      return FetchFailure.lasting(
          ErrorCode.UNAUTHORIZED,
          message,
          "Give a name and password or token in the URL, or a key.");
    }
    if (message.contains("Host key verification failed")) {
      return FetchFailure.lasting(
          ErrorCode.UNAUTHORIZED,
          message,
          "Add the key of the host to known_hosts after checking it.");
    }
    boolean absent = e instanceof NoRemoteRepositoryException || message.contains("not found");
    return absent
        ? FetchFailure.lasting(ErrorCode.FETCH_FAILED, message, "Check the URL.")
        : FetchFailure.unreachable(message, e);
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Lets JGit notice between two objects that the fetch is aborted, and tells how far it came. */
  private static final class Monitor extends EmptyProgressMonitor {
    private final GitConnections connections;
    private volatile boolean connected;
    private volatile boolean receiving;

    Monitor(GitConnections connections) {
      this.connections = connections;
    }

    @Override
    public void beginTask(String title, int totalWork) {
      receiving = true;
    }

    @Override
    public boolean isCancelled() {
      return connections.aborted();
    }
  }
}
