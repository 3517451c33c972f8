package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The resources of one owner: what is recorded, what its tags tell, and what is made.
 *
 * @param api the cloud
 * @param owner whose they are
 * @param log the record
 * @param task hears of retries
 */
record Owned(OpenApi api, MachineOwner owner, ResourceLog log, Task task) {
  /** The attribute of a resource that makes the call idempotent which makes it. */
  private static final String TOKEN = "token";

  /** The attribute of a resource that says where it is. */
  private static final String REGION = "region";

  /** The attribute of a resource that says whose it is. */
  private static final String ACCOUNT = "account";

  /** Makes a resource. */
  @FunctionalInterface
  interface Making {
    /**
     * Makes it.
     *
     * @param planned what was recorded
     * @param parameters its tags and the token; more may be added
     * @return its identifier
     */
    String make(MachineResource planned, Map<String, String> parameters);
  }

  /** A resource of the region that is about to be made. */
  MachineResource planned(Kind kind, String name) {
    return MachineResource.planned(kind.word(), name)
        .with(REGION, api.region())
        .with(ACCOUNT, api.account(task));
  }

  /** A resource that the cloud lists, as a record would have it. */
  MachineResource found(Kind kind, JsonNode resource) {
    return planned(kind, kind.name(resource)).made(kind.id(resource));
  }

  /**
   * Fails if something is recorded that lies in another region or account. Nothing would be found
   * of it, which must not pass for gone.
   */
  void checkPlace() {
    for (MachineResource resource : log.resources()) {
      String region = resource.attributes().getOrDefault(REGION, api.region());
      if (!region.equals(api.region())) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                resource + " is in the region " + region + ", not in " + api.region())
            .remedy("use the region " + region + " (--region)")
            .build();
      }
      String account = resource.attributes().get(ACCOUNT);
      if (account != null && !account.equals(api.account(task))) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                resource
                    + " belongs to the account "
                    + account
                    + ", but the key is of "
                    + api.account(task))
            .remedy("use a key of the account " + account)
            .build();
      }
    }
  }

  /** All of one kind that the tags of the owner are on; addresses go by their name. */
  List<JsonNode> list(Kind kind) {
    Map<String, String> filter =
        kind == Kind.ADDRESS
            ? Map.of("EipName", addressName())
            : Map.of("Tag.1.Key", MachineOwner.NAME_LABEL, "Tag.1.Value", owner.name());
    return api.list(kind.product(), kind.listing(), filter, kind.list(), task);
  }

  /** The name of the public address: it is made without tags, and so is known by name. */
  String addressName() {
    return owner.name() + "-ip";
  }

  Optional<JsonNode> find(Kind kind, String name) {
    return list(kind).stream().filter(each -> kind.name(each).equals(name)).findFirst();
  }

  Optional<MachineResource> recorded(Kind kind, String name) {
    return log.resources().stream()
        .filter(each -> each.kind().equals(kind.word()) && each.name().equals(name))
        .findFirst();
  }

  List<MachineResource> recorded(Kind kind) {
    return log.resources().stream().filter(each -> each.kind().equals(kind.word())).toList();
  }

  /** The resource of a name: the one that is there, else one that is made, recorded before. */
  MachineResource require(Kind kind, MachineResource wanted, Making making) {
    Optional<MachineResource> recorded = recorded(kind, wanted.name());
    Optional<JsonNode> found = find(kind, wanted.name());
    if (found.isPresent()) {
      MachineResource known = recorded.orElse(wanted).made(kind.id(found.get()));
      if (!recorded.equals(Optional.of(known))) {
        log.put(known);
      }
      return known;
    }
    // One that had an identifier is gone; then its token is used up.
    MachineResource planned =
        recorded.filter(each -> each.id().isEmpty()).orElseGet(() -> plan(wanted));
    return make(planned, making);
  }

  /** Records what is about to be made, with a fresh token. */
  MachineResource plan(MachineResource wanted) {
    MachineResource planned = wanted.with(TOKEN, UUID.randomUUID().toString());
    log.put(planned);
    return planned;
  }

  /** Makes what was planned, and records its identifier. */
  MachineResource make(MachineResource planned, Making making) {
    Map<String, String> parameters = tags();
    parameters.put("ClientToken", planned.attributes().getOrDefault(TOKEN, ""));
    MachineResource made = planned.made(making.make(planned, parameters));
    log.put(made);
    return made;
  }

  /** The tags of the owner as parameters of a call; more may be added. */
  Map<String, String> tags() {
    Map<String, String> parameters = new TreeMap<>();
    tag(parameters, 1, MachineOwner.NAME_LABEL, owner.name());
    tag(parameters, 2, MachineOwner.PURPOSE_LABEL, owner.purpose().name().toLowerCase(Locale.ROOT));
    tag(parameters, 3, MachineOwner.HOME_LABEL, owner.home());
    return parameters;
  }

  static void tag(Map<String, String> parameters, int number, String key, String value) {
    parameters.put("Tag." + number + ".Key", key);
    parameters.put("Tag." + number + ".Value", value);
  }
}
