using Drover.Agents;

namespace Drover.Server.Runs;

/// <summary>What an agent's question for permission is answered with as long as no human is asked: inside Drover's sandbox everything is allowed, since it can
/// reach nothing that matters; outside of it only what the vendor's own rules let pass without a question.</summary>
internal sealed class Approving(bool sandboxed)
{
    public (bool Allow, string Why) Answer(AgentEvent.ApprovalAsked asked) => sandboxed
        ? (true, "inside the sandbox everything is allowed")
        : (false, $"'{asked.Tool}' is not allowed without Drover's sandbox; edit files, run git commands, and say in your summary what you could not do");
}
