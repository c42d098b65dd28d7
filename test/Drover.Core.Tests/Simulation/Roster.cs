namespace Drover.Core.Tests.Simulation;

internal static class Roster
{
    /// <summary>A roster of two to eight entries with limits of every kind, most of them tight. Somebody codes, and somebody reviews.</summary>
    public static BoardProject Random(Random random)
    {
        var agents = Enumerable.Range(0, random.Next(2, 9)).Select(n =>
        {
            var name = random.Next(4) == 0 ? $"bad{n}" : $"agent{n}";
            HashSet<Role> roles = n == 0 ? [Role.Coder] : n == 1 ? [Role.Reviewer] : [(Role)random.Next(6), (Role)random.Next(6)];
            var count = random.Next(1, 4);
            return new BoardAgent(name, count == 1 ? [name] : [.. Enumerable.Range(1, count).Select(i => $"{name}-{i}")], roles, random.Next(2) == 0 ? "claude" : "pi", "user");
        }).ToList();
        var caps = new ProjectCaps(
            random.Next(1, 8),
            random.Next(2) == 0 ? new Dictionary<Role, int> { [Role.Coder] = random.Next(1, 4) } : [],
            random.Next(3) == 0 ? new Dictionary<string, int> { [agents[0].Name] = 1 } : [],
            random.Next(3) == 0 ? new Dictionary<string, int> { ["claude"] = random.Next(1, 3), ["pi"] = random.Next(1, 3) } : [],
            random.Next(3) == 0 ? new Dictionary<Stage, int> { [Stage.Coding] = random.Next(1, 5), [Stage.Review] = random.Next(2, 6) } : []);
        return new(new("sim"), agents, caps);
    }
}
