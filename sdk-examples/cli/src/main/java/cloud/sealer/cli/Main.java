package cloud.sealer.cli;

import cloud.sealer.sdk.SealerException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Builds, stores and moves cluster images from the command line. */
@Command(
    name = "sealer",
    description =
        "Builds cluster images, each a whole Kubernetes cluster in one OCI artifact, and runs"
            + " them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final long CANCEL_SECONDS = 20;

  @Spec private CommandSpec spec;

  /** Made by {@link #main}. */
  @SuppressWarnings("NullAway.Init")
  Main() {}

  /**
   * Runs one command and ends the process: with 0 if it is done, 1 if it failed, 2 if it was used
   * wrongly.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    CountDownLatch end = new CountDownLatch(1);
    cancelOnSignal(Thread.currentThread(), end);
    int status;
    try {
      status = commandLine(args).execute(args);
    } finally {
      end.countDown();
    }
    System.exit(status);
  }

  /** Ready to parse and run these arguments. */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Main());
    Commands.of(args).forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? One of:");
  }

  private static int report(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (Common.debug(parsed)) {
      failure.printStackTrace(err);
      return FAILED;
    }
    if (failure instanceof SealerException e) {
      if (Common.isJson(parsed)) {
        command.getOut().println(Json.failure(e));
      }
      err.println(!e.diagnostics().isEmpty() ? e.getMessage() : "sealer: " + e.getMessage());
      if (!e.remedy().isEmpty()) {
        err.println("  " + e.remedy());
      }
    } else {
      err.println("sealer: internal error: " + failure + " (--debug shows more)");
    }
    return FAILED;
  }

  /**
   * Lets an interrupted command end cleanly: the thread is interrupted and given time to tidy up
   * and to say so.
   */
  private static void cancelOnSignal(Thread main, CountDownLatch end) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cancel(main, end), "sealer-cancel"));
  }

  private static void cancel(Thread main, CountDownLatch end) {
    if (!Common.isWorking()) {
      return;
    }
    main.interrupt();
    try {
      if (!end.await(CANCEL_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
