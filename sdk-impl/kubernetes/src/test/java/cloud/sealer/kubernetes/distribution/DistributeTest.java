package cloud.sealer.kubernetes.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.sdk.RootfsPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DistributeTest extends DistributeFixture {
  @Test
  void layersOfAllCompressionsBecomeTheRootfs() throws Exception {
    distribute(
        test()
            .gzip(
                "etc/",
                "",
                "etc/a",
                "1",
                "scripts/init.sh",
                "#!/bin/sh\n",
                "gone/x",
                "x",
                "gone/y",
                "y")
            .zstd("etc/a", "2", "link", "-> etc/a")
            .plain("gone/.wh.x", "", "etc/b", "3"),
        false,
        Map.of());

    assertThat(tree(rootfs()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "etc/a", "2",
                "etc/b", "3",
                "gone/y", "y",
                "link", "-> etc/a",
                "scripts/init.sh", "#!/bin/sh\n"));
    assertThat(rootfs().resolve("scripts/init.sh")).isExecutable();
  }

  @Test
  void aHostWithoutZstdGetsThePlainTar() throws Exception {
    programs = Set.of("gzip");
    distribute(test().zstd("etc/a", "1"), false, Map.of());
    assertThat(tree(rootfs())).containsEntry("etc/a", "1");
  }

  @Test
  void deletionsAndOtherKindsReplaceWhatIsBelow() throws Exception {
    distribute(
        test()
            .gzip("a/1", "1", "a/2", "2", "b", "file", "c/d/e", "deep", "l", "-> a")
            .gzip(
                "a/.wh..wh..opq",
                "",
                "a/3",
                "3",
                "b/inside",
                "now a directory",
                "c/d",
                "now a file")
            .gzip("l/own", "not in a"),
        false,
        Map.of());
    assertThat(tree(rootfs()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a/3", "3",
                "b/inside", "now a directory",
                "c/d", "now a file",
                "l/own", "not in a"));
  }

  @Test
  void aLayerMayOnlyDelete() throws Exception {
    distribute(test().gzip("a", "1", "b", "2").gzip(".wh.a", ""), false, Map.of());
    assertThat(tree(rootfs())).containsExactlyEntriesOf(Map.of("b", "2"));
  }

  @Test
  void aLayerMayComeBackAfterItsFilesWereDeleted() throws Exception {
    distribute(test().gzip("a", "1").plain(".wh.a", "").gzip("a", "1"), false, Map.of());
    assertThat(tree(rootfs())).containsExactlyEntriesOf(Map.of("a", "1"));
  }

  @Test
  void onlyMissingLayersAreSent() throws Exception {
    TestImage first = test().gzip("etc/a", "1");
    distribute(first, false, Map.of());
    store.opened.clear();
    TestImage second = test().gzip("etc/a", "1").gzip("etc/b", "2");

    Distribute step = distribute(second, false, Map.of());

    assertThat(step.check(view(), true).reason()).doesNotContain("layers");
    assertThat(store.opened).contains(second.layers().get(1).digest());
    assertThat(store.opened).doesNotContain(second.layers().get(0).digest());
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("etc/b", "2");
  }

  @Test
  void thePlanSaysWhatIsMissing() {
    try (RootfsImage image = image(test().plain("etc/a", "1").plain("etc/b", "2"))) {
      Distribute step =
          Distribute.of(view(), new Distribute.Part(image, Map.of()), List.of(), Set.of(), way());
      assertThat(step.check(view(), false).reason())
          .isEqualTo("2 of 2 layers (4.0 KiB) are not on the host");
    }
  }

  @Test
  void filesOfTheRegistryGoToRegistryHostsOnly() throws Exception {
    TestImage image =
        test()
            .gzip("etc/a", "1")
            .blob("one")
            .blob("two")
            .registry("registry/docker/registry/v2/repositories/app/link", "sha256:1");
    distribute(image, false, Map.of());
    assertThat(rootfs().resolve("registry")).doesNotExist();

    distribute(image, true, Map.of());

    assertThat(tree(rootfs()).values()).contains("one", "two", "sha256:1", "1");
  }

  @Test
  void theRegistryKeepsWhatItHasAndItsInode() throws Exception {
    distribute(test().gzip("etc/a", "1").blob("one"), true, Map.of());
    Path registry = rootfs().resolve("registry");
    Object inode = Files.getAttribute(registry, "unix:ino");
    Files.writeString(registry.resolve("pushed"), "later");
    Files.createDirectories(rootfs().resolve("certs"));
    Files.writeString(rootfs().resolve("certs/sea.hub.crt"), "certificate");

    distribute(test().gzip("etc/a", "2").blob("one").blob("two"), true, Map.of());

    assertThat(Files.getAttribute(registry, "unix:ino")).isEqualTo(inode);
    assertThat(tree(rootfs()))
        .containsEntry("registry/pushed", "later")
        .containsEntry("certs/sea.hub.crt", "certificate")
        .containsEntry("etc/a", "2");
    assertThat(tree(rootfs()).values()).contains("one", "two");
  }

  @Test
  void ownFilesComeOnTopAndAloneWhenTheyChange() throws Exception {
    TestImage image = test().gzip("etc/a", "1", "etc/a.tmpl", "{{ .A }}");
    distribute(image, false, Map.of("etc/a", "own", "scripts/more.sh", "#!/bin/sh\n"));
    assertThat(tree(rootfs())).containsEntry("etc/a", "own");
    assertThat(rootfs().resolve("scripts/more.sh")).isExecutable();
    store.opened.clear();

    distribute(image, false, Map.of("etc/a", "other"));

    assertThat(tree(rootfs())).containsEntry("etc/a", "other").doesNotContainKey("scripts/more.sh");
    assertThat(store.opened).hasSize(1); // the configuration
  }

  @Test
  void whatScriptsWriteIntoTheRootfsIsNotInTheNextOne() throws Exception {
    TestImage image = test().gzip("etc/a", "1");
    distribute(image, false, Map.of());
    Files.writeString(rootfs().resolve("etc/a"), "changed in place");
    distribute(image, false, Map.of("etc/b", "2"));
    assertThat(tree(rootfs())).containsEntry("etc/a", "1");
  }

  @Test
  void bigFilesAreThereOnce() throws Exception {
    String big = "x".repeat(3 << 20);
    distribute(test().gzip("bin/big", big, "etc/a", "1"), false, Map.of());
    assertThat(Files.getAttribute(rootfs().resolve("bin/big"), "unix:nlink")).isEqualTo(2);
    distribute(
        test().gzip("bin/big", big, "etc/a", "1").gzip("bin/big", big + "y"), false, Map.of());
    assertThat(Files.size(rootfs().resolve("bin/big"))).isEqualTo(big.length() + 1);
  }

  @Test
  void anApplicationComesOnTopOfWhatIsThere() throws Exception {
    distribute(test().gzip("etc/a", "1"), false, Map.of());
    try (RootfsImage image = image(test().gzip("manifests/app", "2"))) {
      run(Distribute.onTop(view(), new Distribute.Part(image, Map.of()), Set.of(), way()));
    }
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("manifests/app", "2");
  }

  @Test
  void anApplicationStaysAboveWhatIsDistributedLater() throws Exception {
    distribute(test().gzip("etc/a", "1", "etc/b", "1"), false, Map.of());
    try (RootfsImage image = image(test().gzip("etc/b", "of the application"))) {
      run(
          Distribute.onTop(
              view(),
              new Distribute.Part(image, Map.of(RootfsPath.of("etc/c"), "own")),
              Set.of(),
              way()));
    }

    distribute(test().gzip("etc/a", "2", "etc/b", "2"), false, Map.of());

    assertThat(tree(rootfs()))
        .containsEntry("etc/a", "2")
        .containsEntry("etc/b", "of the application")
        .containsEntry("etc/c", "own");
  }

  @Test
  void aNewHostGetsWhatTheOthersHave() throws Exception {
    try (RootfsImage image = image(test().gzip("etc/a", "1", "etc/b", "1"));
        RootfsImage application = image(test().gzip("etc/b", "of the application"))) {
      Distribute.Part base = new Distribute.Part(image, Map.of());
      Distribute.Part more = new Distribute.Part(application, Map.of());
      Distribute fresh = Distribute.of(view(), base, List.of(more), Set.of(), way());
      run(fresh);

      assertThat(tree(rootfs())).containsEntry("etc/b", "of the application");
      assertThat(Distribute.of(view(), base, List.of(), Set.of(), way()).fingerprint())
          .isEqualTo(Distribute.of(view(), base, List.of(more), Set.of(), way()).fingerprint())
          .isEqualTo(fresh.fingerprint());
      assertThat(Distribute.onTop(view(), more, Set.of(), way()).fingerprint())
          .isEqualTo(fresh.fingerprint());
    }
  }

  @Test
  void goingBackSendsNothing() throws Exception {
    distribute(test().gzip("etc/a", "1"), false, Map.of("etc/b", "own"));
    try (RootfsImage image = image(test().gzip("etc/a", "2"))) {
      Distribute step =
          Distribute.of(view(), new Distribute.Part(image, Map.of()), List.of(), Set.of(), way());
      step.run(context(step));
      assertThat(tree(rootfs())).containsEntry("etc/a", "2");
      store.opened.clear();

      step.undo(context(step));
    }
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("etc/b", "own");
    assertThat(store.opened).isEmpty();
  }
}
