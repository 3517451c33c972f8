package cloud.sealer.core.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;

/** Makes commits in a repository in memory, from raw objects, so that bad ones can be made too. */
final class GitRepository {
  private static final PersonIdent SOMEONE = new PersonIdent("a", "a@b");

  private final InMemoryRepository repository;
  private final TreeMap<String, Object[]> files = new TreeMap<>();

  GitRepository(String name) throws IOException {
    repository = new InMemoryRepository(new DfsRepositoryDescription(name));
    repository.getConfig().setBoolean("uploadpack", null, "allowReachableSHA1InWant", true);
    repository.updateRef(Constants.HEAD).link("refs/heads/main");
  }

  InMemoryRepository repository() {
    return repository;
  }

  GitRepository file(String path, FileMode mode, String text) throws IOException {
    files.put(path, new Object[] {mode, blob(text.getBytes(StandardCharsets.UTF_8))});
    return this;
  }

  GitRepository file(String path, byte[] bytes) throws IOException {
    files.put(path, new Object[] {FileMode.REGULAR_FILE, blob(bytes)});
    return this;
  }

  GitRepository module(String path, ObjectId commit) {
    files.put(path, new Object[] {FileMode.GITLINK, commit});
    return this;
  }

  ObjectId blob(byte[] bytes) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, bytes);
      inserter.flush();
      return id;
    }
  }

  ObjectId commit(String branch) throws IOException {
    return commit(branch, tree(""));
  }

  ObjectId commit(String branch, ObjectId tree) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(tree);
      commit.setAuthor(SOMEONE);
      commit.setCommitter(SOMEONE);
      commit.setMessage("m");
      ObjectId parent = repository.resolve("refs/heads/" + branch);
      if (parent != null) {
        commit.setParentId(parent);
      }
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      update("refs/heads/" + branch, id);
      return id;
    }
  }

  void tag(String name, ObjectId commit) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      TagBuilder tag = new TagBuilder();
      tag.setTag(name);
      tag.setObjectId(commit, Constants.OBJ_COMMIT);
      tag.setTagger(SOMEONE);
      tag.setMessage("t");
      ObjectId id = inserter.insert(tag);
      inserter.flush();
      update("refs/tags/" + name, id);
    }
  }

  private void update(String ref, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setNewObjectId(id);
    update.forceUpdate();
  }

  private ObjectId tree(String prefix) throws IOException {
    TreeMap<String, Object[]> here = new TreeMap<>();
    for (var file : files.entrySet()) {
      if (file.getKey().startsWith(prefix)) {
        String rest = file.getKey().substring(prefix.length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
          here.put(rest, file.getValue());
        } else {
          // git sorts a directory as if its name ended with a slash
          here.put(rest.substring(0, slash + 1), new Object[0]);
        }
      }
    }
    TreeFormatter tree = new TreeFormatter();
    for (var entry : here.entrySet()) {
      if (entry.getKey().endsWith("/")) {
        String name = entry.getKey().substring(0, entry.getKey().length() - 1);
        tree.append(name, FileMode.TREE, tree(prefix + entry.getKey()));
      } else {
        tree.append(entry.getKey(), (FileMode) entry.getValue()[0], (ObjectId) entry.getValue()[1]);
      }
    }
    return insert(tree);
  }

  ObjectId insert(TreeFormatter tree) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(tree);
      inserter.flush();
      return id;
    }
  }
}
