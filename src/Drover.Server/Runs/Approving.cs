using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>What an agent's question for permission is answered with, as the run's policy has it. Without one, inside Drover's sandbox everything is allowed, since
/// it can reach nothing that matters; outside of it only what the vendor's own rules let pass without a question.</summary>
/// <param name="policy">Null where nothing is configured.</param>
/// <param name="root">The directory the agent works in.</param>
internal sealed class Approving(ApprovalPolicy? policy, bool sandboxed, string root)
{
    public ApprovalVerdict Judge(AgentEvent.ApprovalAsked asked) => policy is not null ? ApprovalRules.Judge(policy, asked.Tool, asked.What, root)
        : sandboxed ? new(ApprovalChoice.Allow, "inside the sandbox everything is allowed")
        : new(ApprovalChoice.Deny, $"'{asked.Tool}' is not allowed without Drover's sandbox; edit files, run git commands, and say in your summary what you could not do");
}
