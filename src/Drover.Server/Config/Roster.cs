using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>The agents by name, and what must hold for them together: somebody can write code, and no two agents bear one name.</summary>
internal sealed class Roster(Section<AgentConfig> agent) : Kind<IReadOnlyList<AgentConfig>>
{
    private readonly MapOf<AgentConfig> _map = new("name", Rules.Name, agent);

    internal override string Expects => "a mapping from the agent's name to its settings";

    internal override JsonObject Schema() => _map.Schema();

    internal override IEnumerable<(string, Key)> Inside => _map.Inside;

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out IReadOnlyList<AgentConfig> value)
    {
        value = null;
        if (!_map.TryRead(found, out var byName)) return false;
        value = [.. byName.Select(a => a.Value with { Name = a.Key })];
        if (value.Count == 0) return found.Fail("no agent is listed; at least one with the role coder is needed");
        foreach (var twice in value.SelectMany(a => a.Slots.Select(s => (Slot: s, a.Name))).GroupBy(s => s.Slot).Where(g => g.Count() > 1))
            found.Fail($"two agents would be called '{twice.Key}' ({string.Join(" and ", twice.Select(t => t.Name))}); rename one or change its count");
        if (!found.Problems.Any && value.All(a => !a.Roles.Contains(Role.Coder)))
            found.Fail("no agent has the role coder, so no ticket could be worked; add `roles: [coder]` to one");
        return true;
    }
}
