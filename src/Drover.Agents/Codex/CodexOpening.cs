using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>From the first line to the moment the agent can take a prompt.</summary>
internal static class CodexOpening
{
    public static void Greet(Draft<CodexState> draft) => draft.Write(CodexFrames.Initialize(NextId(draft)));

    public static int NextId(Draft<CodexState> draft)
    {
        draft.State = draft.State with { LastId = draft.State.LastId + 1 };
        return draft.State.LastId;
    }

    public static void Greeted(Draft<CodexState> draft, JsonElement line)
    {
        if (line.At("error") is { ValueKind: JsonValueKind.Object } error)
        {
            Fail(draft, CodexEnding.OfRpc(error));
            return;
        }

        draft.State = draft.State with { Phase = CodexPhase.Opening, AgentVersion = Version(line.Text("result", "userAgent")) };
        draft.Write(CodexFrames.Initialized);
        draft.Write(CodexFrames.Open(NextId(draft), draft.State.Wish));
    }

    public static void Opened(Draft<CodexState> draft, JsonElement line)
    {
        if (line.At("error") is { ValueKind: JsonValueKind.Object } error)
        {
            Fail(draft, IsUnknown(draft.State, error) ? Unknown(error) : CodexEnding.OfRpc(error));
            return;
        }

        if (line.Text("result", "thread", "id") is not { } thread)
        {
            Fail(draft, Failures.Failed(FailureClass.Protocol, "the agent opened a conversation without an id"));
            return;
        }

        var isNew = draft.State.Wish.ResumeId is null;
        draft.State = draft.State with { Phase = CodexPhase.Ready, Thread = thread, Totals = isNew ? [new(thread, 0, 0, 0, 0)] : [] };
        draft.Say(new AgentEvent.HandshakeAnswered("Codex", draft.State.AgentVersion));
        draft.Say(new AgentEvent.ConversationStarted(thread, line.Text("result", "model")));
        CodexTalk.WriteHeld(draft);
    }

    /// <summary>Whether the thread to go on with is not there. One that never had a turn was never written to the disk.</summary>
    private static bool IsUnknown(CodexState state, JsonElement error) => state.Wish.ResumeId is not null
        && error.Text("message") is { } message
        && new[] { "no rollout found", "invalid session id", "invalid thread id", "thread not found" }.Any(w => message.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static TurnEnding Unknown(JsonElement error) => Failures.UnknownConversation(error.Text("message")!);

    /// <summary>The user agent is <c>drover/0.169.0 (system) …</c>: our name with the server's version.</summary>
    private static string? Version(string? userAgent) =>
        userAgent?.Split(' ')[0].Split('/') is [_, { Length: > 0 and < 40 } version] ? version : null;

    private static void Fail(Draft<CodexState> draft, TurnEnding ending)
    {
        draft.State = draft.State with { Phase = CodexPhase.Failed };
        draft.Say(new AgentEvent.TurnEnded(ending, null));
        CodexTalk.Refuse(draft, $"{Refused.NotStarted}: {ending.Reason}");
    }
}
