using Drover.Agents;
using Drover.Node.Trees;

namespace Drover.Server.Runs;

/// <summary>Reads and writes files of a run's worktree for an agent that has asked its client to do so. It is done where the agent's line is read and stored with it: after
/// a crash the line is read again and the same is done once more, which the agent, who waits for the answer, cannot tell.</summary>
/// <param name="writes">Whether the run's role may write.</param>
internal sealed class FileDesk(string worktree, bool writes)
{
    private readonly TreeFiles _files = new(worktree);

    /// <summary>Null for an event that asks for no file.</summary>
    public Input.FileDone? Answer(AgentEvent e) => e switch
    {
        AgentEvent.FileReadAsked r => Done(r.RequestId, _files.ReadText(r.Path, r.FirstLine, r.Lines)),
        AgentEvent.FileWriteAsked w => Done(w.RequestId, writes ? _files.WriteText(w.Path, w.Content) : new TreeFileResult.Refused("this run only reads")),
        _ => null,
    };

    private static Input.FileDone Done(string request, TreeFileResult result) => result switch
    {
        TreeFileResult.Read read => new(request, FileResult.Done, read.Text),
        TreeFileResult.Written => new(request, FileResult.Done, ""),
        TreeFileResult.Missing missing => new(request, FileResult.Missing, missing.Path),
        TreeFileResult.Refused refused => new(request, FileResult.Refused, refused.Why),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "an unknown result"),
    };
}
