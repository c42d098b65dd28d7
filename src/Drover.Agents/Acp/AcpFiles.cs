using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Files that the agent wants read or written for it, where that was offered. What it may reach is decided by whoever does it.</summary>
internal static class AcpFiles
{
    public const string Read = "fs/read_text_file", Write = "fs/write_text_file";

    public static void Asked(Draft<AcpState> draft, string rawId, string method, JsonElement parameters)
    {
        if (draft.State.Closed || draft.State.Errands.Any(e => e.RawId == rawId)) return;
        var (path, content) = (parameters.Text("path"), parameters.Text("content"));
        if (path is null || method == Write && content is null)
        {
            draft.Write(Rpc.Error(rawId, AcpFrames.InvalidParameters, $"{method} needs a path{(method == Write ? " and a content" : "")}"));
            return;
        }

        AcpReading.Started(draft);
        draft.State = draft.State with { Errands = [.. draft.State.Errands, new(rawId, method == Read)] };
        draft.Say(method == Read
            ? new AgentEvent.FileReadAsked(rawId, path, parameters.Whole("line"), parameters.Whole("limit"))
            : new AgentEvent.FileWriteAsked(rawId, path, content!));
    }

    public static void Done(Draft<AcpState> draft, Input.FileDone done)
    {
        if (draft.State.Errands.FirstOrDefault(e => e.RawId == done.RequestId) is not { } errand) return;
        draft.State = draft.State with { Errands = [.. draft.State.Errands.Where(e => e != errand)] };
        if (draft.State.Closed) return;
        draft.Write(done.Result switch
        {
            FileResult.Done => errand.IsRead ? AcpFrames.Content(errand.RawId, done.Text) : AcpFrames.Done(errand.RawId),
            FileResult.Missing => Rpc.Error(errand.RawId, AcpFrames.ResourceNotFound, $"Resource not found: {done.Text}"),
            FileResult.Refused => Rpc.Error(errand.RawId, AcpFrames.InternalError, done.Text),
        });
    }
}
