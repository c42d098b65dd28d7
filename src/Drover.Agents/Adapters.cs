using Drover.Agents.Acp;
using Drover.Agents.Claude;
using Drover.Agents.Codex;
using Drover.Agents.Command;
using Drover.Agents.Pi;

namespace Drover.Agents;

/// <summary>The adapters there are, by their word in <c>drover.yaml</c>.</summary>
public static class Adapters
{
    public static IReadOnlyList<IAdapter> All { get; } = [new ClaudeAdapter(), new CodexAdapter(), new PiAdapter(), new AcpAdapter(AcpKnown.Of([])), new CommandAdapter()];

    /// <summary>Null when there is none of that name.</summary>
    public static IAdapter? Find(string name) => All.FirstOrDefault(a => a.Name == name);
}
