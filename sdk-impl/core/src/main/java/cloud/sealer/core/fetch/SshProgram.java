package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.transport.URIish;

/**
 * Runs {@code git-upload-pack} on a host by the {@code ssh} program, which asks nothing, trusts
 * only known hosts, and writes nothing to the user's home.
 */
final class SshProgram {
  private static final int MAX_MESSAGE = 2000;

  private final String program;
  private final URIish uri;
  private final RegistryOptions options;
  private final Path errors;

  SshProgram(String program, URIish uri, RegistryOptions options, Path scratch) {
    this.program = program;
    this.uri = uri;
    this.options = options;
    this.errors = scratch.resolve("ssh-messages");
  }

  StreamTransport.Streams start() throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command()).redirectError(errors.toFile()).start();
    } catch (IOException e) {
      throw FetchFailure.lasting(
          ErrorCode.PROVIDER_MISSING,
          "the program \"" + program + "\", which reaches git over ssh, cannot be started",
          "Install an OpenSSH client, or use the https address of the repository.");
    }
    return new StreamTransport.Streams(
        process.getInputStream(), process.getOutputStream(), () -> end(process));
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(program, "-T"));
    for (String option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "UpdateHostKeys=no",
            "ControlMaster=no",
            "ForwardAgent=no",
            "ClearAllForwardings=yes",
            "ConnectTimeout=" + Math.max(1, options.connectTimeout().toSeconds()),
            "ServerAliveInterval=" + Math.max(1, options.readTimeout().toSeconds() / 3),
            "ServerAliveCountMax=3")) {
      command.addAll(List.of("-o", option));
    }
    if (uri.getPort() > 0) {
      command.addAll(List.of("-p", Integer.toString(uri.getPort())));
    }
    String user = uri.getUser() == null ? "" : uri.getUser() + "@";
    String path = uri.getPath().replace("'", "'\\''");
    command.addAll(List.of("--", user + uri.getHost(), "git-upload-pack '" + path + "'"));
    return command;
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** What ssh or the other side had to say; empty if nothing. */
  static String messages(Path scratch) throws IOException {
    Path file = scratch.resolve("ssh-messages");
    if (!Files.exists(file)) {
      return "";
    }
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8).strip();
    }
  }
}
