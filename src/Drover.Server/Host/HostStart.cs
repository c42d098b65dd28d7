namespace Drover.Server.Host;

/// <summary>How an attempt to serve a home went.</summary>
internal abstract record HostStart
{
    private HostStart() { }

    public sealed record Running(DroverHost Host) : HostStart;

    /// <param name="Why">What stands in the way and what to do, for the user.</param>
    public sealed record Refused(string Why) : HostStart;
}
