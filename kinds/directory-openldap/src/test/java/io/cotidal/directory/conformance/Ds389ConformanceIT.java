package io.cotidal.directory.conformance;

import io.cotidal.directory.target.Target;
import io.cotidal.directory.target.ds389.Ds389;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("389 DS as a target")
@Execution(ExecutionMode.CONCURRENT)
final class Ds389ConformanceIT extends TargetConformance {

  private record Running(DirectoryServer server) implements Real {
    @Override
    public int port() {
      return server.port();
    }

    @Override
    public void kill() throws IOException {
      server.kill();
    }

    @Override
    public void start() throws IOException {
      server.start();
    }
  }

  @Override
  protected Real.Vendor vendor() {
    return new Real.Vendor() {
      @Override
      public Target target() {
        return new Ds389();
      }

      @Override
      public String administrator() {
        return DirectoryServer.ADMINISTRATOR;
      }

      @Override
      public String account() {
        return "cn=replication manager,cn=config";
      }

      @Override
      public Real start(ServerRegistry lab, String suffix) throws IOException {
        return new Running(DirectoryServer.start(lab, DirectoryServer.Settings.plain(suffix)));
      }
    };
  }
}
