package cloud.sealer.docker;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What docker-java needs to know of an engine, and nothing of this machine. */
record EngineConfig(URI engine, @Nullable LocalDirectorySSLConfig tls)
    implements DockerClientConfig {
  @Override
  public URI getDockerHost() {
    return engine;
  }

  @Override
  public RemoteApiVersion getApiVersion() {
    return RemoteApiVersion.UNKNOWN_VERSION;
  }

  @Override
  public @Nullable String getRegistryUsername() {
    return null;
  }

  @Override
  public @Nullable String getRegistryPassword() {
    return null;
  }

  @Override
  public @Nullable String getRegistryEmail() {
    return null;
  }

  @Override
  public @Nullable String getRegistryUrl() {
    return null;
  }

  @Override
  public @Nullable AuthConfig effectiveAuthConfig(String imageName) {
    return null;
  }

  @Override
  public AuthConfigurations getAuthConfigurations() {
    return new AuthConfigurations();
  }

  @Override
  public @Nullable LocalDirectorySSLConfig getSSLConfig() {
    return tls;
  }
}
