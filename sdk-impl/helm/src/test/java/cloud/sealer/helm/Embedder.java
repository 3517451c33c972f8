package cloud.sealer.helm;

import cloud.sealer.sdk.spi.ChartRenderer;
import java.nio.file.Path;
import java.util.Map;

/** An application with the SDK in it: a program of its own for {@link EmbedderIT}. */
final class Embedder {
  private Embedder() {}

  /** Renders a chart, or one that takes for ever, and then waits. */
  public static void main(String[] args) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
    try (ChartRenderer.Session session = new HelmJvmRenderer().charts(Path.of(args[0]))) {
      session.render(
          Engine.request(
              Charts.tree(
                  Map.of(
                      "Chart.yaml",
                      Charts.chart("web"),
                      "templates/x.yaml",
                      "a: {{ lookup \"v1\" \"Secret\" \"x\" \"y\" | toJson }}"))));
      System.out.println("rendered");
      if (args[1].equals("endless")) {
        session.render(Engine.request(Engine.ENDLESS));
      }
    }
    long ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().contains("helm"))
            .count();
    System.out.println("threads " + ours);
    System.out.println("children " + ProcessHandle.current().children().count());
    Thread.sleep(60_000);
  }
}
