package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.spi.FileTree;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationContextIT {
  @TempDir Path temp;

  @Test
  void readsAZipOnAWebServer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("d/a"));
      zip.write("text".getBytes(StandardCharsets.UTF_8));
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/c.zip",
        exchange -> {
          boolean head = exchange.getRequestMethod().equals("HEAD");
          if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.size()));
          }
          exchange.sendResponseHeaders(200, head ? -1 : bytes.size());
          if (!head) {
            exchange.getResponseBody().write(bytes.toByteArray());
          }
          exchange.close();
        });
    server.start();
    URI location =
        URI.create("zip:http://127.0.0.1:" + server.getAddress().getPort() + "/c.zip!/d");
    try (FileTree tree =
        new Contexts(Clock.systemUTC()).open(BuildContext.location(location), temp)) {
      assertThat(tree.entries()).hasSize(1);
      assertThat(ContextsTest.text(tree, "a")).isEqualTo("text");
    } finally {
      server.stop(0);
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void readsADirectoryOfAnotherFileSystem() throws IOException {
    Configuration posix =
        Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix").build();
    try (FileSystem memory = Jimfs.newFileSystem(posix)) {
      Path root = Files.createDirectory(memory.getPath("/ctx"));
      Files.writeString(root.resolve("a"), "text");
      Files.setPosixFilePermissions(
          root.resolve("a"), PosixFilePermissions.fromString("rwxr-x--x"));
      try (FileTree tree =
          new Contexts(Clock.systemUTC()).open(BuildContext.directory(root), temp)) {
        assertThat(tree.entries().get(0).mode()).isEqualTo(0751);
        assertThat(tree.entries().get(0).stamp()).isNull();
        assertThat(ContextsTest.text(tree, "a")).isEqualTo("text");
      }
    }
  }
}
