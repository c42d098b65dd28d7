namespace Drover.Core.Tests.Simulation;

/// <summary>Seeded agents: most do their work, some fail in every way that there is, and two of the roster misbehave more often than not.</summary>
internal sealed class Fates(Random random)
{
    private static readonly Principal s_agent = new(PrincipalKind.Run, "agent");

    private static readonly FailureClass[] s_classes = Enum.GetValues<FailureClass>();

    public TimeSpan Length() => TimeSpan.FromSeconds(random.Next(5, 3600));

    public Ending Of(string agent, DateTimeOffset end)
    {
        var luck = random.Next(agent.StartsWith("bad", StringComparison.Ordinal) ? 60 : 100);
        if (luck >= 40) return new(Outcome.Succeeded, null, "done", s_agent);
        if (luck >= 34) return new(Outcome.Lost, null, "its process was gone", s_agent);
        if (luck >= 32) return new(Outcome.Interrupted, null, "somebody broke in", s_agent);
        var cause = s_classes[random.Next(s_classes.Length)];
        var ending = new Ending(Outcome.Failed, cause, "as it was written", s_agent);
        return cause is FailureClass.UsageLimit or FailureClass.RateLimit && random.Next(2) == 0 ? ending with { ResetsAt = end + Length() } : ending;
    }
}
