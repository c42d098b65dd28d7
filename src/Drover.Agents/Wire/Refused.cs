using Drover.Core;

namespace Drover.Agents.Wire;

/// <summary>Messages that the agent is not given. Why is told in the same words, whoever the agent is.</summary>
internal static class Refused
{
    public const string BeingEnded = "the agent is being ended";

    public const string ProcessEnded = "the agent's process has ended";

    public const string NotStarted = "the agent could not be started";

    public static void Refuse<TState>(this Draft<TState> draft, MessageId message, string why) where TState : MachineState =>
        draft.Say(new AgentEvent.MessageRefused(message, why));

    public static void Refuse<TState>(this Draft<TState> draft, IEnumerable<MessageId> messages, string why) where TState : MachineState
    {
        foreach (var message in messages) draft.Refuse(message, why);
    }
}
