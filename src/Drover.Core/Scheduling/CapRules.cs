namespace Drover.Core;

/// <summary>The limits of runs at the same time and of tickets in a stage. They are looked at before anything exists; exempt roles take no place.</summary>
public static class CapRules
{
    internal static ClaimVerdict.Queued? Full(Board board, Crew crew, BoardProject project, BoardTicket ticket, Role role)
    {
        if (role.IsExempt()) return null;
        var caps = project.Caps;
        if (crew.All >= board.MostRuns) return Queue("runs at work on this machine", crew.All, "runs in config.yaml of the state directory");
        if (crew.OfProject(project.Id) is var here && here >= caps.Runs) return Queue("runs at work in this project", here, "limits.runs in drover.yaml");
        if (caps.Roles.TryGetValue(role, out var most) && crew.OfRole(project.Id, role) is var alike && alike >= most)
            return Queue($"runs at work with the role {role.Word()}", alike, "limits.roles in drover.yaml");
        return role == Role.Coder && ticket.Stage is Stage.Backlog or Stage.Ready ? StageFull(crew, project) : null;
    }

    /// <summary>Whether this entry of the roster has as many runs as it or its adapter may have.</summary>
    internal static ClaimVerdict.Queued? Full(Crew crew, BoardProject project, BoardAgent agent)
    {
        if (project.Caps.Agents.TryGetValue(agent.Name, out var most) && crew.OfAgent(project.Id, agent.Name) is var own && own >= most)
            return Queue($"runs at work of {agent.Name}", own, "limits.agents in drover.yaml");
        if (project.Caps.Adapters.TryGetValue(agent.Adapter, out most) && crew.OfAdapter(project.Id, agent.Adapter) is var alike && alike >= most)
            return Queue($"runs at work over the adapter {agent.Adapter}", alike, "limits.adapters in drover.yaml");
        return null;
    }

    /// <summary>New work begins only where the stages behind it have room: finished work that nobody looks at is not helped by more of it.</summary>
    private static ClaimVerdict.Queued? StageFull(Crew crew, BoardProject project)
    {
        foreach (var stage in (ReadOnlySpan<Stage>)[Stage.Coding, Stage.Review, Stage.Merging])
        {
            if (project.Caps.Stages.TryGetValue(stage, out var most) && crew.InStage(project.Id, stage) is var there && there >= most)
                return Queue($"tickets in {stage.Word()}", there, "limits.stages in drover.yaml");
        }

        return null;
    }

    private static ClaimVerdict.Queued Queue(string what, int count, string where) => new(QueueCause.AtCap, FormattableString.Invariant($"{what}: {count}, the most there may be ({where})"));
}
