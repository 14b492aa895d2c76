package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.Templates;
import io.cotidal.app.config.TemplatesSection;
import io.cotidal.app.copies.CopiesHouse;
import io.cotidal.app.copies.DumpIntake;
import io.cotidal.copies.actions.CopiesActions;
import io.cotidal.copies.plan.CopiesKind;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.steps.Workshop;
import io.cotidal.engine.Kind;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Intake;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Templates and copies: those that the configuration names, and what the house of copies adds. */
final class CopiesWing implements Wing {
  @Override
  public Kind<?, ?> kind() {
    return new CopiesKind();
  }

  @Override
  public KindSection<?> section() {
    return new TemplatesSection();
  }

  @Override
  public List<Action> actions() {
    return CopiesActions.ALL;
  }

  @Override
  public Map<ResourceId, Object> wanted(Configuration configuration) {
    return configuration.of(Templates.class).named().stream()
        .collect(Collectors.toMap(CopiesSpec::id, spec -> spec));
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    return new Here(
        configuration.of(Templates.class),
        new Workshop(basis.secrets(), InstantSource.system(), Workshop.PORTS, basis.replicas()));
  }

  private static final class Here implements Open {
    private final Templates templates;
    private final Workshop workshop;
    private volatile @Nullable DumpIntake intake;
    private volatile @Nullable CopiesHouse house;

    Here(Templates templates, Workshop workshop) {
      this.templates = templates;
      this.workshop = workshop;
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return templates.named().stream()
          .<Managed<?, ?>>map(spec -> CopiesHouse.managed(spec, workshop))
          .toList();
    }

    @Override
    public List<Intake> intakes(ControlPlane plane) {
      DumpIntake made = new DumpIntake(plane, workshop);
      intake = made;
      return List.of(made);
    }

    @Override
    public void start(Ground ground) throws IOException {
      DumpIntake made = intake;
      CopiesHouse opened =
          new CopiesHouse(
              templates,
              new CopiesHouse.Ground(
                  ground.daemon(),
                  ground.plane(),
                  ground.clock(),
                  workshop,
                  made == null ? new DumpIntake(ground.plane(), workshop) : made,
                  ground.credentials(),
                  ground.options()));
      house = opened;
      opened.start();
    }

    @Override
    public void close() {
      CopiesHouse opened = house;
      if (opened != null) {
        opened.close();
      }
    }
  }
}
