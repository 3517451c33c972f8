package cloud.sealer.core.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.util.RefList;
import org.jspecify.annotations.Nullable;

/**
 * A git repository of packs in one directory, without references and without any configuration.
 *
 * <p>JGit's own class for directories would read the configuration in the user's home, and write
 * there. This one builds on the storage interface JGit has for servers, which knows no home.
 */
final class ScratchRepository extends DfsRepository {
  private final Packs packs;
  private final RefDatabase references = new NoReferences(this);

  private ScratchRepository(Builder builder, Path directory) {
    super(builder);
    this.packs = new Packs(this, directory);
  }

  /** Makes an empty repository that keeps its packs in an existing directory. */
  static ScratchRepository create(Path directory) throws IOException {
    return new Builder(directory)
        // the name keys JGit's block cache, so it must never be used twice
        .setRepositoryDescription(new DfsRepositoryDescription(UUID.randomUUID().toString()))
        .build();
  }

  @Override
  public DfsObjDatabase getObjectDatabase() {
    return packs;
  }

  @Override
  public RefDatabase getRefDatabase() {
    return references;
  }

  @Override
  public @Nullable String getGitwebDescription() {
    return null;
  }

  @Override
  public void setGitwebDescription(@Nullable String description) {
    throw new UnsupportedOperationException("no description is kept");
  }

  private static final class Builder extends DfsRepositoryBuilder<Builder, ScratchRepository> {
    private final Path directory;

    Builder(Path directory) {
      this.directory = directory;
    }

    @Override
    public ScratchRepository build() throws IOException {
      return new ScratchRepository(this, directory);
    }
  }

  /** Has no references: fetched commits are named by their ids. */
  private static final class NoReferences extends DfsRefDatabase {
    NoReferences(DfsRepository repository) {
      super(repository);
    }

    @Override
    protected RefCache scanAllRefs() {
      return new RefCache(RefList.<Ref>emptyList(), RefList.<Ref>emptyList());
    }

    @Override
    public ReflogReader getReflogReader(Ref ref) {
      throw new UnsupportedOperationException("there are no references");
    }

    @Override
    protected boolean compareAndPut(@Nullable Ref oldRef, Ref newRef) {
      return false;
    }

    @Override
    protected boolean compareAndRemove(Ref oldRef) {
      return false;
    }
  }

  private static final class Packs extends DfsObjDatabase {
    private final Path directory;
    private volatile List<DfsPackDescription> committed = List.of();
    private volatile Set<ObjectId> shallow = Set.of();
    private int count;

    Packs(DfsRepository repository, Path directory) {
      super(repository, new DfsReaderOptions());
      this.directory = directory;
    }

    @Override
    protected synchronized DfsPackDescription newPack(PackSource source) {
      return new DfsPackDescription(getRepository().getDescription(), "pack-" + count++, source);
    }

    @Override
    protected synchronized void commitPackImpl(
        Collection<DfsPackDescription> added, @Nullable Collection<DfsPackDescription> replaced) {
      List<DfsPackDescription> all = new ArrayList<>(added);
      all.addAll(committed);
      if (replaced != null) {
        all.removeAll(replaced);
      }
      committed = List.copyOf(all);
    }

    @Override
    protected void rollbackPack(Collection<DfsPackDescription> packs) {
      // the whole directory is removed in the end
    }

    @Override
    protected List<DfsPackDescription> listPacks() {
      return committed;
    }

    @Override
    protected ReadableChannel openFile(DfsPackDescription pack, PackExt ext) throws IOException {
      return new PackReader(FileChannel.open(file(pack, ext), StandardOpenOption.READ));
    }

    @Override
    protected DfsOutputStream writeFile(DfsPackDescription pack, PackExt ext) throws IOException {
      return new PackWriter(
          FileChannel.open(
              file(pack, ext),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    }

    private Path file(DfsPackDescription pack, PackExt ext) {
      return directory.resolve(pack.getFileName(ext));
    }

    @Override
    public Set<ObjectId> getShallowCommits() {
      return shallow;
    }

    @Override
    public void setShallowCommits(Set<ObjectId> commits) {
      shallow = Set.copyOf(commits);
    }

    @Override
    public long getApproximateObjectCount() {
      return committed.stream().mapToLong(DfsPackDescription::getObjectCount).sum();
    }
  }

  private static final class PackWriter extends DfsOutputStream {
    private final FileChannel file;

    PackWriter(FileChannel file) {
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private record PackReader(FileChannel file) implements ReadableChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public void position(long position) throws IOException {
      file.position(position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int blockSize() {
      return 0;
    }

    @Override
    public void setReadAheadBytes(int bytes) {
      // the operating system reads ahead
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Removes a directory of packs. */
  static void remove(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (var files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
