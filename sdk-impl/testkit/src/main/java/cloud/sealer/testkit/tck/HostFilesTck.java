package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.HostCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks how files get to a host and back. */
abstract class HostFilesTck extends HostFixture {
  HostFilesTck() {}

  @Test
  void uploadedFileHasItsBytesAndModeAndReplacesTheOldOne() {
    String path = path("new dir/it's a file");
    byte[] content = random(2_500_000);
    session.upload(path, 0600, bytes("old".getBytes(UTF_8)));
    session.upload(path, 04750, bytes(content));
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    session.download(path, back);
    assertThat(back.toByteArray()).isEqualTo(content);
    String directory = "'" + path("new dir") + "'";
    assertThat(out("cd " + directory + " && stat -c '%a %n' . it*; ls -A | wc -l"))
        .isEqualTo("755 .\n4750 it's a file\n1\n");
  }

  @Test
  void emptyFileIsUploaded() {
    session.upload(path("empty"), 0644, bytes(new byte[0]));
    assertThat(out("stat -c %s " + path("empty"))).isEqualTo("0\n");
  }

  @Test
  void uploadThatFailsLeavesTheOldFileAndNothingElse() {
    session.upload(path("kept"), 0644, bytes("old".getBytes(UTF_8)));
    FileTree.Content broken = () -> new BrokenSource(2_000_000, "disk error");
    SealerException failure =
        Tck.failure(() -> session.upload(path("kept"), 0644, broken), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("disk error", path("kept"));
    assertThat(out("cat " + path("kept") + "; ls -A " + directory)).isEqualTo("oldkept\n");
  }

  @Test
  void fileDoesNotReplaceADirectory() {
    SealerException failure =
        Tck.failure(() -> session.upload(directory, 0644, bytes(random(10))), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains(directory, host().address().toString());
  }

  @Test
  void pathsAreAbsoluteAndOfOneForm() {
    for (String path : List.of("relative", "/a/../b", "/a/./b", "/a/..")) {
      assertThatIllegalArgumentException()
          .as(path)
          .isThrownBy(() -> session.upload(path, 0644, bytes(random(1))));
      assertThatIllegalArgumentException()
          .as(path)
          .isThrownBy(() -> session.download(path, OutputStream.nullOutputStream()));
    }
  }

  private static Entry file(String path, int mode, byte[] content) {
    return Entry.file(RootfsPath.of(path), mode, content.length, bytes(content));
  }

  @Test
  void treeHasItsModesAndLinksAndLongNames() {
    String deep = "d/" + "long".repeat(40) + "/" + "name".repeat(40);
    byte[] content = random(700_001);
    List<Entry> entries =
        List.of(
            Entry.directory(RootfsPath.of("d"), 0750),
            file("d/a", 0640, content),
            Entry.symlink(RootfsPath.of("d/b"), "../d/a"),
            Entry.hardLink(RootfsPath.of("d/c"), RootfsPath.of("d/a")),
            Entry.directory(RootfsPath.of("d/empty"), 01777),
            file(deep, 0600, random(10)));
    out("mkdir " + path("t") + " && echo stays >" + path("t/other"));
    session.upload(path("t"), () -> entries, task);
    assertThat(
            out(
                "cd "
                    + path("t")
                    + "; stat -c '%a %s %h' d d/a d/empty | cut -d' ' -f1; readlink d/b; cat other;"
                    + " stat -c %h d/a"))
        .isEqualTo("750\n640\n1777\n../d/a\nstays\n2\n");
    assertThat(out("stat -c '%a %s' " + path("t/" + deep))).isEqualTo("600 10\n");
    assertThat(task.advanced()).isEqualTo(700_011);
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    session.download(path("t/d/c"), back);
    assertThat(back.toByteArray()).isEqualTo(content);
  }

  @Test
  void treeDoesNotLeaveItsDirectoryByALink() {
    List<Entry> entries =
        List.of(Entry.symlink(RootfsPath.of("out"), "/tmp"), file("out/x", 0644, random(1)));
    Tck.failure(() -> session.upload(path("t"), () -> entries, task), ErrorCode.PATH_ESCAPES);
  }

  @Test
  void treeWhoseFileHasShrunkFails() {
    List<Entry> entries = List.of(Entry.file(RootfsPath.of("x"), 0644, 100, bytes(random(99))));
    SealerException failure =
        Tck.failure(() -> session.upload(path("t"), () -> entries, task), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("x", "100");
  }

  @Test
  void treeComesBackAsATar() {
    out("cd " + directory + " && mkdir d && echo text >d/f && ln -s f d/l && chmod 600 d/f");
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    session.downloadTree(path("d"), in -> in.transferTo(tar));
    HostCommand list =
        HostCommand.builder(
                "mkdir back && cd back && tar -xpf - && cat f && readlink l && stat -c %a f")
            .directory(directory)
            .stdin(bytes(tar.toByteArray()))
            .build();
    assertThat(out(list)).isEqualTo("text\nf\n600\n");
  }

  @Test
  void treeThatIsMissingOrUnreadFails() {
    Tck.failure(
        () -> session.downloadTree(path("missing"), in -> in.readAllBytes()), ErrorCode.HOST_IO);
    SealerException failure =
        Tck.failure(
            () ->
                session.downloadTree(
                    directory,
                    in -> {
                      throw new IOException("not wanted");
                    }),
            ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("not wanted");
  }

  @Test
  void missingFileIsNamed() {
    SealerException failure =
        Tck.failure(
            () -> session.download(path("missing"), OutputStream.nullOutputStream()),
            ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains(path("missing"), host().address().toString());
  }

  @Test
  void targetThatFailsIsTold() {
    session.upload(path("x"), 0644, bytes(random(1000)));
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space here");
          }
        };
    SealerException failure =
        Tck.failure(() -> session.download(path("x"), full), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("no space here");
  }
}
