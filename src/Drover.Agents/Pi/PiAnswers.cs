using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>The agent's answers to our commands.</summary>
internal static class PiAnswers
{
    public static void Read(Draft<PiState> draft, JsonElement response)
    {
        var state = draft.State;
        var id = response.Text("id");
        if (id == PiFrames.Greeting)
        {
            // A failure answers too: the agent speaks the protocol.
            PiReading.Greet(draft);
            var data = response.At("data");
            PiReading.Know(draft, data.Text("sessionId"), data.Text("sessionFile"), data.Text("model", "id"));
            PiTalk.WriteHeld(draft);
        }
        else if (id is not null && id == state.Probe)
        {
            PiProbe.Answered(draft, response);
        }
        else if (id is not null && id == state.Emptying)
        {
            PiProbe.Emptied(draft, response);
        }
        else if (state.Unread.FirstOrDefault(m => m.Message.Value == id) is { } message)
        {
            OfMessage(draft, message, response);
        }
        else if (response.At("success").ValueKind == JsonValueKind.False)
        {
            draft.Say(new AgentEvent.Trouble(FailureClass.Protocol, Bounded.Text(response.Text("error") ?? "a command was refused", 1000)));
        }
    }

    private static void OfMessage(Draft<PiState> draft, PiMessage message, JsonElement response)
    {
        if (response.Flag("success"))
        {
            draft.State = draft.State with { Unread = [.. draft.State.Unread.Select(m => m == message ? m with { Answered = true } : m)] };
            PiTalk.WriteHeld(draft);
            return;
        }

        var error = response.Text("error") ?? "the agent refused the message";
        draft.State = draft.State with { Unread = [.. draft.State.Unread.Where(m => m != message)] };
        draft.Refuse(message.Message, Bounded.Text(error, 1000));
        if (draft.State is { InTurn: false, Unread.Count: 0 })
        {
            // What was to open a turn and cannot (no key, no model) is a failed turn.
            draft.State = draft.State with { Aborting = false };
            draft.Say(new AgentEvent.TurnEnded(Failures.Failed(PiEnding.OfError(error), error), null));
        }

        PiTalk.WriteHeld(draft);
    }
}
