namespace Drover.Server.Runs;

internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Run}: a step failed and will be tried again")]
    public static partial void Trouble(ILogger log, Exception error, string run);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} ({Name}) is {State}")]
    public static partial void State(ILogger log, string run, string name, string state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} settled: {Outcome} ({Reason})")]
    public static partial void Settled(ILogger log, string run, string outcome, string reason);
}
