namespace Drover.Node.Spooling;

/// <summary>The room that an ordinary user still has on the disk of a directory.</summary>
/// <param name="Free">In bytes.</param>
public readonly record struct DiskSpace(long Free)
{
    /// <summary>Throws <see cref="IOException"/> when the disk cannot be asked.</summary>
    public static DiskSpace Of(string directory) => new(new DriveInfo(directory).AvailableFreeSpace);

    /// <summary>Whether nothing new should be started.</summary>
    /// <param name="floor">In bytes.</param>
    public bool IsBelow(long floor) => Free < floor;
}
