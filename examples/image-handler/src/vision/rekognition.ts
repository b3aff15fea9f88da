import { DetectFacesCommand, DetectModerationLabelsCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import type { Box, Vision } from "./vision";

/** Vision by Amazon Rekognition. */
export class Rekognition implements Vision {
  constructor(private readonly client = new RekognitionClient({})) {}

  async faces(picture: Buffer): Promise<Box[]> {
    const { FaceDetails = [] } = await this.client.send(new DetectFacesCommand({ Image: { Bytes: picture } }));
    return FaceDetails.map(({ BoundingBox: box }) => ({
      left: box?.Left ?? 0,
      top: box?.Top ?? 0,
      width: box?.Width ?? 0,
      height: box?.Height ?? 0
    }));
  }

  async moderationLabels(picture: Buffer, minConfidence: number): Promise<string[]> {
    const command = new DetectModerationLabelsCommand({ Image: { Bytes: picture }, MinConfidence: minConfidence });
    const { ModerationLabels = [] } = await this.client.send(command);
    return ModerationLabels.flatMap(({ Name }) => (Name === undefined ? [] : [Name]));
  }
}
